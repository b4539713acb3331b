package io.ferrymesh.stores.directory;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A file open for reading; an empty directory has no channel. */
final class DirectoryReader implements ObjectReader {

    private final DirectoryStore store;
    private final ObjectInfo info;
    private final @Nullable FileChannel channel;

    DirectoryReader(DirectoryStore store, ObjectInfo info, @Nullable FileChannel channel) {
        this.store = store;
        this.info = info;
        this.channel = channel;
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws StoreException {
        if (channel == null) {
            return 0;
        }
        var bytes = ByteBuffer.wrap(into, offset, length);
        try {
            int done = 0;
            while (done < length) {
                int read = channel.read(bytes, position + done);
                if (read < 0) {
                    break;
                }
                done += read;
            }
            return done;
        } catch (IOException e) {
            throw Failures.reading(info.path(), e);
        }
    }

    @Override
    public ObjectInfo current() throws StoreException {
        return store.head(info.path());
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // it was only read from
        }
    }
}
