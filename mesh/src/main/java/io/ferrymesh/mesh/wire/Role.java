package io.ferrymesh.mesh.wire;

/** Which end of a stream speaks. */
public enum Role {
    /** The end that opened the stream and sends data. */
    OPENER((byte) 0),
    /** The end that accepted the stream and grants credit. */
    ACCEPTOR((byte) 1);

    private final byte wire;

    Role(byte wire) {
        this.wire = wire;
    }

    /** How it is written on the wire. */
    byte wire() {
        return wire;
    }
}
