package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Names one session between two processes: 16 random bytes, chosen by the source. Not a secret. */
record SessionId(String hex) {

    static final int BYTES = 16;

    static SessionId random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return of(bytes);
    }

    static SessionId of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a session id has 16 bytes, not " + bytes.length);
        }
        return new SessionId(HexFormat.of().formatHex(bytes));
    }

    byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }
}
