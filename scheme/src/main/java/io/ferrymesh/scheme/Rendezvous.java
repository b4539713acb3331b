package io.ferrymesh.scheme;

import java.util.Arrays;

/** Where a migration's two providers find each other: known to who holds the psk, meaningless to everybody else. */
public final class Rendezvous extends FixedBytes {

    /** Bytes in a rendezvous address. */
    public static final int LENGTH = 16;

    private static final byte[] LABEL = Bytes.ascii("FERRYMESH-V1-RENDEZVOUS");

    private Rendezvous(byte[] value) {
        super(value, LENGTH);
    }

    /** The address of one migration. Scheme, The migration grant. */
    public static Rendezvous address(Psk psk, MigrationId id) {
        byte[] output = NoiseHkdf.first(psk.raw(), Bytes.concat(LABEL, id.raw()));
        return new Rendezvous(Arrays.copyOf(output, LENGTH));
    }
}
