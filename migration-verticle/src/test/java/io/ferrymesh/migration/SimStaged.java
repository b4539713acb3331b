package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/** An object on its way into a simulated store. What is staged under a token outlives the process, as far as it was forced. */
final class SimStaged implements StagedObject {

    private final SimStore store;
    private final SimStore.Opened process;
    private final ObjectInfo info;
    private final ObjectMetadata metadata;
    private final Optional<String> token;
    private final byte[] bytes;
    private final int[] written;
    private final BitSet forced = new BitSet();
    private boolean closed;

    SimStaged(
            SimStore store, SimStore.Opened process, ObjectInfo info, ObjectMetadata metadata, Optional<String> token) {
        this.store = store;
        this.process = process;
        this.info = info;
        this.metadata = metadata;
        this.token = token;
        this.bytes = new byte[(int) info.size()];
        this.written = new int[new Segments(info.size()).count()];
        token.ifPresent(name -> store.kept.put(name, this));
    }

    /** What a process left; of what was not forced, each segment may be lost. Whoever had it before has it no more. */
    SimStaged(SimStore.Opened process, SimStaged left, ObjectMetadata metadata) {
        this.store = left.store;
        this.process = process;
        this.info = left.info;
        this.metadata = metadata;
        this.token = left.token;
        this.bytes = left.bytes.clone();
        this.written = left.written.clone();
        for (int segment = 0; segment < written.length; segment++) {
            if (left.forced.get(segment)) {
                forced.set(segment);
            } else if (store.world.chance(0.5)) {
                Arrays.fill(bytes, start(segment), start(segment) + length(segment), (byte) 0x55);
                written[segment] = 0;
            }
        }
        token.ifPresent(name -> store.kept.put(name, this));
    }

    private int start(int segment) {
        return segment * Segments.BYTES;
    }

    private int length(int segment) {
        return Math.min(Segments.BYTES, bytes.length - start(segment));
    }

    private void requireMine() throws StoreException {
        boolean lost = token.isPresent() && store.kept.get(token.get()) != this; // the very one
        if (closed || lost) {
            throw new StoreException(StoreError.IO_ERROR, closed ? "closed" : "taken up by another");
        }
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    @Override
    public void write(long position, byte[] from, int offset, int length) throws StoreException {
        requireMine();
        store.mayFail();
        int segment = (int) (position / Segments.BYTES);
        if (position != start(segment) + (long) written[segment]) {
            throw new StoreException(StoreError.IO_ERROR, "not where the segment goes on");
        }
        System.arraycopy(from, offset, bytes, (int) position, length);
        written[segment] += length;
    }

    @Override
    public Optional<String> token() {
        return token;
    }

    @Override
    public boolean holds(int segment) {
        return token.isPresent() && written[segment] == length(segment);
    }

    @Override
    public void force() throws StoreException {
        requireMine();
        store.mayFail();
        for (int segment = 0; segment < written.length; segment++) {
            forced.set(segment, holds(segment));
        }
    }

    @Override
    public void rewrite(int segment) throws StoreException {
        requireMine();
        forced.clear(segment);
        written[segment] = 0;
    }

    /** Puts it where it is visible, if all of it is there. */
    void place() throws StoreException {
        requireMine();
        for (int segment = 0; segment < written.length; segment++) {
            if (written[segment] != length(segment)) {
                throw new StoreException(StoreError.IO_ERROR, "bytes are missing of segment " + segment);
            }
        }
        store.objects.put(info.path(), new SimStore.Stored(info, bytes, metadata, store.etag()));
        int unused = store.publications.merge(info.path(), 1, Integer::sum);
    }

    @Override
    public void detach() {
        if (token.isEmpty()) {
            close();
        } else if (!closed) {
            closed = true;
            process.staged--;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            process.staged--;
            token.filter(name -> store.kept.get(name) == this).ifPresent(store.kept::remove);
        }
    }
}
