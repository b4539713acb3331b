package io.ferrymesh.mesh;

/** Bounds of everything that arrives, checked before anything is allocated for it. */
public final class Limits {

    /** Largest frame of a stream, in bytes. */
    public static final int MAX_FRAME_BYTES = 1 << 20;

    /** Largest request, reply or publication, in bytes. */
    public static final int MAX_REQUEST_BYTES = 1 << 20;

    /** Largest hello of a stream, in bytes. */
    public static final int MAX_HELLO_BYTES = 4 << 10;

    /** Most credit a stream may have outstanding, in bytes. */
    public static final long MAX_WINDOW_BYTES = 64L << 20;

    /** Most frames that wait for credit in one stream. */
    public static final int MAX_PENDING_WRITES = 256;

    /** Most frames that a stream may have sent and the receiver's handler not yet taken, whatever the credit in bytes. */
    public static final int MAX_FRAMES_IN_FLIGHT = 4096;

    /** Most publications of one channel that wait for a subscriber's handler. */
    public static final int MAX_PENDING_PUBLICATIONS = 16;

    private Limits() {}
}
