package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.StoreException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * An object open for reading. What is read in order is fetched ahead in growing blocks, of which a few are kept; all that
 * comes belongs to the object that was opened, or reading fails with CHANGED.
 */
final class S3Reader implements ObjectReader {

    /** What opening fetches; a small object whole. */
    static final int FIRST_BYTES = 128 << 10;

    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_BLOCKS = 4;

    private final S3Store store;
    private final Bucket bucket;
    private final Buffers memory;
    private final String key;
    private final ObjectDetails details;
    private final String s3Etag;
    private final Deque<Block> blocks = new ArrayDeque<>(); // this and the rest guarded by this
    private boolean closed;

    /** Part of the object. {@code reserved} of the memory's bound is given back with it. */
    private record Block(long start, int length, int reserved, CompletableFuture<byte[]> bytes) {

        boolean holds(long position) {
            return position >= start && position < start + length;
        }
    }

    S3Reader(
            S3Store store,
            Bucket bucket,
            Buffers memory,
            String key,
            ObjectDetails details,
            String s3Etag,
            byte[] first) {
        this.store = store;
        this.bucket = bucket;
        this.memory = memory;
        this.key = key;
        this.details = details;
        this.s3Etag = s3Etag;
        if (first.length > 0) {
            blocks.add(new Block(0, first.length, 0, CompletableFuture.completedFuture(first)));
        }
    }

    @Override
    public ObjectInfo info() {
        return details.info();
    }

    @Override
    public ObjectDetails details() {
        return details;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws StoreException {
        int wanted = (int) Math.max(0, Math.min(length, info().size() - position));
        int done = 0;
        while (done < wanted) {
            Block block = block(position + done, wanted - done);
            byte[] bytes = bytesOf(block);
            int from = (int) (position + done - block.start);
            int count = Math.min(wanted - done, block.length - from);
            System.arraycopy(bytes, from, into, offset + done, count);
            done += count;
        }
        return wanted;
    }

    @Override
    public ObjectInfo current() throws StoreException {
        return store.head(info().path());
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            while (!blocks.isEmpty()) {
                drop(blocks.removeLast());
            }
        }
    }

    private byte[] bytesOf(Block block) throws StoreException {
        try {
            return Futures.await(block.bytes);
        } catch (StoreException e) {
            synchronized (this) {
                if (blocks.remove(block)) {
                    drop(block);
                }
            }
            throw e;
        }
    }

    /** The block with {@code position} in it, which may still be on its way. The most recently used come first. */
    private synchronized Block block(long position, int wanted) {
        for (Block block : blocks) {
            if (block.holds(position)) {
                blocks.remove(block);
                blocks.addFirst(block);
                return block;
            }
        }
        Block before = blocks.stream()
                .filter(block -> block.start + block.length == position)
                .findFirst()
                .orElse(null);
        Block fetched = fetch(position, wanted, before == null ? 0 : Math.min(MOST_BYTES, 4 * before.length));
        if (!closed) {
            if (before != null) {
                blocks.remove(before);
                drop(before);
            }
            blocks.addFirst(fetched);
            while (blocks.size() > MOST_BLOCKS) {
                drop(blocks.removeLast());
            }
        }
        return fetched;
    }

    /** Asks for what is wanted and, where memory allows, for what is likely to be wanted next. */
    private Block fetch(long position, int wanted, int ahead) {
        long left = info().size() - position;
        int generous = (int) Math.min(left, Math.max(Math.min(wanted, MOST_BYTES), Math.max(ahead, FIRST_BYTES)));
        boolean reserved = memory.reserve(generous);
        int length = reserved ? generous : (int) Math.min(left, Math.min(wanted, MOST_BYTES));
        CompletableFuture<byte[]> bytes =
                bucket.get(key, info().path(), s3Etag, position, length).thenApply(Bucket.Fetched::bytes);
        return new Block(position, length, reserved ? generous : 0, bytes);
    }

    private void drop(Block block) {
        if (block.reserved > 0) {
            memory.release(block.reserved);
        }
    }
}
