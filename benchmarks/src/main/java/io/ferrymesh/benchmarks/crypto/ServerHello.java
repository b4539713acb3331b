package io.ferrymesh.benchmarks.crypto;

import java.nio.ByteBuffer;

/**
 * What a server's answer says in the clear: RFC 8446, 4.1.3. Read off the wire, because what the engines tell of it differs.
 *
 * @param version the protocol version, 0 if the answer has no such extension, as before TLS 1.3
 * @param group the named group of the key exchange, 0 if the answer has no such extension
 */
record ServerHello(int version, int group) {

    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;
    /** Record header, message header, version and random. */
    private static final int BEFORE_SESSION_ID = 5 + 4 + 2 + 32;

    static final ServerHello NONE = new ServerHello(0, 0);

    /** The answer in the record that starts at {@code from}; NONE if that is something else. */
    static ServerHello read(ByteBuffer wire, int from, int to) {
        if (to - from < BEFORE_SESSION_ID || wire.get(from) != HANDSHAKE || wire.get(from + 5) != SERVER_HELLO) {
            return NONE;
        }
        int sessionId = from + BEFORE_SESSION_ID;
        int extensions = sessionId + 1 + wire.get(sessionId) + 2 + 1; // cipher suite, compression
        int end = extensions + 2 + u16(wire, extensions);
        int version = 0;
        int group = 0;
        for (int at = extensions + 2; at < end; at += 4 + u16(wire, at + 2)) {
            int type = u16(wire, at);
            version = type == SUPPORTED_VERSIONS ? u16(wire, at + 4) : version;
            group = type == KEY_SHARE ? u16(wire, at + 4) : group;
        }
        return new ServerHello(version, group);
    }

    private static int u16(ByteBuffer wire, int at) {
        return Short.toUnsignedInt(wire.getShort(at));
    }
}
