package io.ferrymesh.scheme;

/** A secret both sides of one completed handshake share and nobody else has, for what is bound to that session. */
public final class Exporter extends FixedSecret {

    /** Bytes in an exporter secret. */
    public static final int LENGTH = 32;

    Exporter(byte[] value) {
        super(value, LENGTH);
    }
}
