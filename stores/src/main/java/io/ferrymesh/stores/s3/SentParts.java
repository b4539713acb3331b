package io.ferrymesh.stores.s3;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** The parts of an upload that the server has, or that are on their way there, by number from 0. Guarded by the caller. */
final class SentParts {

    private final Map<Integer, CompletableFuture<CompletedPart>> parts = new TreeMap<>();

    void add(int number, CompletableFuture<CompletedPart> part) {
        parts.put(number, part);
    }

    /** Those of these numbers. */
    List<CompletableFuture<CompletedPart>> of(Collection<Integer> numbers) {
        List<CompletableFuture<CompletedPart>> some = new ArrayList<>();
        parts.forEach((number, part) -> {
            if (numbers.contains(number)) {
                some.add(part);
            }
        });
        return some;
    }

    boolean hasAll(Collection<Integer> numbers) {
        return parts.keySet().containsAll(numbers);
    }

    void remove(Collection<Integer> numbers) {
        parts.keySet().removeAll(numbers);
    }

    void clear() {
        parts.clear();
    }

    /**
     * All of them, once the server has them. Either each with its checksum or none: a server that does not list checksums, as of
     * an upload that is resumed, does not take some with one and some without.
     */
    CompletableFuture<List<CompletedPart>> all() {
        List<CompletableFuture<CompletedPart>> all = new ArrayList<>(parts.values());
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).thenApply(nothing -> {
            List<CompletedPart> done = all.stream().map(CompletableFuture::join).toList();
            return done.stream().allMatch(part -> part.checksumCRC32C() != null)
                    ? done
                    : done.stream().map(SentParts::withoutChecksum).toList();
        });
    }

    private static CompletedPart withoutChecksum(CompletedPart part) {
        return part.toBuilder().checksumCRC32C(null).build();
    }
}
