package io.ferrymesh.scheme;

/** Where a handshake is. The destination goes WRITE_1, READ_2, WRITE_3; the source READ_1, WRITE_2, READ_3. */
enum HandshakeState {
    WRITE_1,
    READ_1,
    WRITE_2,
    READ_2,
    WRITE_3,
    READ_3,
    COMPLETE,
    DEAD;

    HandshakeState next() {
        return switch (this) {
            case WRITE_1 -> READ_2;
            case READ_2 -> WRITE_3;
            case READ_1 -> WRITE_2;
            case WRITE_2 -> READ_3;
            case WRITE_3, READ_3 -> COMPLETE;
            case COMPLETE, DEAD -> DEAD;
        };
    }
}
