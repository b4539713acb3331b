package io.ferrymesh.benchmarks.crypto;

import java.nio.ByteBuffer;

/** Reads the group of the key exchange off the wire: RFC 8446, 4.1.3 and 4.2.8. The one part of the answer in the clear. */
final class ServerHello {

    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;
    private static final int KEY_SHARE = 51;
    /** Record header, message header, version and random. */
    private static final int BEFORE_SESSION_ID = 5 + 4 + 2 + 32;

    private ServerHello() {}

    /** The named group in the record that starts at {@code from}; 0 if that is not a ServerHello. */
    static int group(ByteBuffer wire, int from, int to) {
        if (to - from < BEFORE_SESSION_ID || wire.get(from) != HANDSHAKE || wire.get(from + 5) != SERVER_HELLO) {
            return 0;
        }
        int at = from + BEFORE_SESSION_ID;
        at += 1 + wire.get(at); // session id
        at += 2 + 1; // cipher suite, compression
        int end = at + 2 + Short.toUnsignedInt(wire.getShort(at));
        at += 2;
        while (at < end) {
            int type = Short.toUnsignedInt(wire.getShort(at));
            if (type == KEY_SHARE) {
                return Short.toUnsignedInt(wire.getShort(at + 4));
            }
            at += 4 + Short.toUnsignedInt(wire.getShort(at + 2));
        }
        return 0;
    }
}
