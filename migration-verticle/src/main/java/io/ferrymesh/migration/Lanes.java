package io.ferrymesh.migration;

import io.ferrymesh.mesh.Topic;
import java.nio.ByteBuffer;

/** What both ends of every lane agree on. docs/wire.md, Lanes. */
final class Lanes {

    static final byte VERSION = 1;

    /** Records, more frames follow. */
    static final byte RECORDS = 1;

    /** The sealed word that nothing follows. */
    static final byte LAST = 2;

    static final int HEADER_BYTES = 2;

    static final int TAG_BYTES = 16;

    /** Records in one frame, in bytes: so many that the bus's whole message just fits a power of two. */
    static final int FRAME_PLAINTEXT_BYTES = 120 << 10;

    static final int MAX_FRAME_BYTES = HEADER_BYTES + FRAME_PLAINTEXT_BYTES + TAG_BYTES;

    /** Most frames that a lane opens or seals before others get their turn: a change of threads for each one costs too much. */
    static final int FRAMES_A_TURN = 8;

    /** A last frame, which holds nothing. */
    static final int LAST_FRAME_BYTES = HEADER_BYTES + TAG_BYTES;

    /** Data lanes that are used, of those that are there, until the destination says otherwise. */
    static final int FIRST_DATA_LANES = 2;

    /** Lane 0 of each direction carries control: the listing one way, answers the other. Data lanes follow. */
    static final int CONTROL = 0;

    static final Topic TO_DESTINATION = new Topic("migration.to-destination");
    static final Topic TO_SOURCE = new Topic("migration.to-source");

    /** Its first seal proves that whoever opens a lane holds the session's keys. */
    static final int HELLO_BYTES = 1 + SessionId.BYTES + 4 + TAG_BYTES;

    private Lanes() {}

    static byte[] header(byte kind) {
        return new byte[] {VERSION, kind};
    }

    /** What the hello's seal covers: version, session, lane. */
    static byte[] helloHeader(SessionId session, int lane) {
        return ByteBuffer.allocate(1 + SessionId.BYTES + 4)
                .put(VERSION)
                .put(session.bytes())
                .putInt(lane)
                .array();
    }
}
