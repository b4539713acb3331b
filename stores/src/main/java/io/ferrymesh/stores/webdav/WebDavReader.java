package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads ranges of an object. Whoever goes on where a read before ended is given a larger block at a time; the few most recent
 * blocks are kept. Fails with CHANGED when the server has another version by now.
 */
final class WebDavReader implements ObjectReader {

    private static final int BLOCK_BYTES = 1 << 20;
    private static final int MOST_BLOCKS = 8;

    private final WebDavStore store;
    private final Dav dav;
    private final URI place;
    private final ObjectDetails details;
    private final boolean coarse;
    private final Deque<Block> blocks = new ArrayDeque<>(); // most recent first, guarded by this

    WebDavReader(WebDavStore store, Dav dav, URI place, ObjectDetails details, boolean coarse) {
        this.store = store;
        this.dav = dav;
        this.place = place;
        this.details = details;
        this.coarse = coarse;
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
        int done = 0;
        while (done < length && position + done < info().size()) {
            done += readSome(position + done, into, offset + done, length - done);
        }
        return done;
    }

    @Override
    public ObjectInfo current() throws StoreException {
        return store.head(info().path());
    }

    @Override
    public void close() {
        synchronized (this) {
            blocks.clear();
        }
    }

    private int readSome(long position, byte[] into, int offset, int wanted) throws StoreException {
        Block block = known(position);
        if (block == null) {
            boolean goesOn = endsAt(position);
            long left = info().size() - position;
            int length = (int) Math.min(left, goesOn ? BLOCK_BYTES : Math.min(wanted, BLOCK_BYTES));
            block = new Block(position, fetch(position, length));
            keep(block);
        }
        int from = (int) (position - block.position());
        int length = Math.min(wanted, block.bytes().length - from);
        System.arraycopy(block.bytes(), from, into, offset, length);
        return length;
    }

    private byte[] fetch(long position, int length) throws StoreException {
        ObjectPath path = info().path();
        return dav.read(path, place, position, length, this::isSame)
                .orElseThrow(() -> new StoreException(StoreError.CHANGED, path + ": changed while it was read"));
    }

    /** Whether an answer comes from the version that was opened. */
    private boolean isSame(HttpHeaders headers) {
        if (!coarse) {
            return headers.firstValue("ETag")
                    .map(tag -> DavEntry.plain(tag).equals(details.etag()))
                    .orElse(true);
        }
        boolean size = headers.firstValue("Content-Range")
                .map(range -> range.endsWith("/" + info().size()))
                .orElse(true);
        return size
                && headers.firstValue("Last-Modified")
                        .map(time -> MultiStatus.time(time).equals(info().modified()))
                        .orElse(true);
    }

    private synchronized @Nullable Block known(long position) {
        for (Block block : blocks) {
            if (position >= block.position() && position < block.end()) {
                return block;
            }
        }
        return null;
    }

    private synchronized boolean endsAt(long position) {
        return blocks.stream().anyMatch(block -> block.end() == position);
    }

    /** Takes the place of the one it goes on from. */
    private synchronized void keep(Block block) {
        blocks.removeIf(each -> each.end() == block.position());
        blocks.addFirst(block);
        if (blocks.size() > MOST_BLOCKS) {
            blocks.removeLast();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never changed; equality is its own
    private record Block(long position, byte[] bytes) {
        long end() {
            return position + bytes.length;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
