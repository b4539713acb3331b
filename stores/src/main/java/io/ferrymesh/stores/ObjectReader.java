package io.ferrymesh.stores;

/** An object open for reading. Safe for concurrent reads at different positions. */
public interface ObjectReader extends AutoCloseable {

    /** Size and modification time as they were when it was opened. */
    ObjectInfo info();

    /** The same with the etag and metadata of what is being read. */
    ObjectDetails details();

    /**
     * Reads until {@code length} bytes are there or the object ends. Fails with CHANGED where the store cannot go on reading
     * what was replaced or deleted meanwhile.
     *
     * @param position of the first byte, from 0
     * @return how many bytes were read; less than {@code length} only at the end of the object
     */
    int read(long position, byte[] into, int offset, int length) throws StoreException;

    /** The object's current size and modification time, to notice that it changed while it was read. */
    ObjectInfo current() throws StoreException;

    @Override
    void close();
}
