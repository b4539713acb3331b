package io.ferrymesh.stores.s3;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The buffers of parts that are not stored yet, by number from 0. Guarded by the caller. */
final class FillingParts {

    private final Target target;
    private final Buffers buffers;
    private final Map<Integer, Buffer> filling = new TreeMap<>();

    FillingParts(Target target, Buffers buffers) {
        this.target = target;
        this.buffers = buffers;
    }

    /** The buffer of a part, a new one if there is none. */
    Buffer of(int number) throws IOException {
        Buffer known = filling.get(number);
        Buffer buffer = known != null ? known : buffers.take((int) target.lengthOf(number));
        filling.put(number, buffer);
        return buffer;
    }

    /** All of an object of a single part; empty when it was discarded. */
    Optional<Buffer> whole() {
        if (target.info().size() == 0) {
            filling.putIfAbsent(0, HeapBuffer.of(new byte[0]));
        }
        return Optional.ofNullable(filling.get(0));
    }

    void remove(int number, Buffer buffer) {
        buffer.close();
        filling.remove(number, buffer);
    }

    void remove(Collection<Integer> numbers) {
        for (int number : numbers) {
            Optional.ofNullable(filling.remove(number)).ifPresent(Buffer::close);
        }
    }

    void clear() {
        filling.values().forEach(Buffer::close);
        filling.clear();
    }
}
