package io.ferrymesh.stores.directory;

import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A file open for reading; an empty directory has no channel. */
final class DirectoryReader implements ObjectReader {

    private final Lookup lookup;
    private final ObjectDetails details;
    private final @Nullable FileChannel channel;

    DirectoryReader(Lookup lookup, ObjectDetails details, @Nullable FileChannel channel) {
        this.lookup = lookup;
        this.details = details;
        this.channel = channel;
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
            throw Failures.reading(details.info().path(), e);
        }
    }

    @Override
    public ObjectInfo current() throws StoreException {
        return lookup.head(details.info().path());
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
