package io.ferrymesh.stores;

import java.util.Optional;

/**
 * An object being written. Different threads may write different segments of 16 MiB at once; within a segment, bytes come
 * in order. Closing one that was not published discards it.
 *
 * <p>One that has a {@link #token} can be let go of, or left behind by a process that dies, and taken up again:
 * {@link ObjectStore#resume}. The methods about that are as harmless as can be for all others.
 */
public interface StagedObject extends AutoCloseable {

    /** Bytes of a segment. The last one of an object has as many as are left. */
    int SEGMENT_BYTES = 16 << 20;

    ObjectInfo info();

    /** Writes bytes at {@code position}. Fails with FULL or IO_ERROR; afterwards the object can only be let go of or closed. */
    void write(long position, byte[] from, int offset, int length) throws StoreException;

    /**
     * By what it can be taken up again, 1 to {@link ObjectStore#MAX_TOKEN} printable ASCII characters; the same from the start
     * until it is published or closed. Empty for one that goes with its process.
     */
    default Optional<String> token() {
        return Optional.empty();
    }

    /**
     * Whether all bytes of a segment, counted from 0, are there: kept from before {@link ObjectStore#resume}, or written since.
     * It says nothing about what they are. Always false for an object without a token.
     */
    default boolean holds(int segment) {
        return false;
    }

    /**
     * Makes the segments that are whole by now survive the process and a power cut: whoever resumes the object {@link #holds}
     * them. Others may write other segments meanwhile. Fails like {@link #write}. Does nothing for an object without a token.
     */
    default void force() throws StoreException {}

    /**
     * Forgets what was written of a segment, so that it can be written from its start again; nothing when nothing was. Nobody may
     * write that segment meanwhile. Once it returns, nobody who resumes the object holds that segment. Fails like
     * {@link #write}, and with IO_ERROR where the store cannot do that.
     */
    default void rewrite(int segment) throws StoreException {
        throw new StoreException(
                StoreError.IO_ERROR, info().path() + ": segment " + segment + " cannot be written again here");
    }

    /**
     * Lets go of the object without discarding it; what was forced can be resumed. Afterwards it can only be closed, which
     * does nothing then. An object without a token is closed.
     */
    default void detach() {
        close();
    }

    @Override
    void close();
}
