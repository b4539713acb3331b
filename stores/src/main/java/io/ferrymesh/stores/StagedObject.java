package io.ferrymesh.stores;

/**
 * An object being written. Different threads may write different segments of 16 MiB at once; within a segment, bytes come
 * in order. Closing one that was not published discards it.
 */
public interface StagedObject extends AutoCloseable {

    ObjectInfo info();

    /** Writes bytes at {@code position}. Fails with FULL or IO_ERROR; afterwards the object can only be closed. */
    void write(long position, byte[] from, int offset, int length) throws StoreException;

    @Override
    void close();
}
