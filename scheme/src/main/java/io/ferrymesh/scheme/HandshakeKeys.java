package io.ferrymesh.scheme;

import java.math.BigInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The two private keys of one side of a handshake: the ephemeral one, drawn when first needed, and the certificate's. */
final class HandshakeKeys implements AutoCloseable {

    private static final int RANDOM_LENGTH = 32;

    private final RawKey fixed;
    private final Supplier<byte[]> source;
    private @Nullable DhKey ephemeral;

    HandshakeKeys(byte[] fixed, Supplier<byte[]> ephemeralSource) {
        this.fixed = new RawKey(fixed, "EC");
        this.source = ephemeralSource;
    }

    /** {@code H2S("EPHEMERAL", 32 random bytes ‖ d ‖ id)}: a weak generator alone does not expose it. */
    static Supplier<byte[]> hedged(HandshakeSetup setup) {
        return () -> {
            byte[] drawn = Bytes.random(setup.random(), RANDOM_LENGTH);
            byte[] scalar = P256.encodeScalar(HashToScalar.nonZero(
                    "EPHEMERAL", drawn, setup.own().raw(), setup.id().raw()));
            Bytes.wipe(drawn);
            return scalar;
        };
    }

    /** Draws the ephemeral key and gives its public point. */
    byte[] drawEphemeral() {
        byte[] scalar = source.get();
        try {
            ephemeral = CryptoProvider.active().newDhKey(scalar);
            return Point.of(P256.multiplyBase(new BigInteger(1, scalar))).encoded();
        } finally {
            Bytes.wipe(scalar);
        }
    }

    DhKey ephemeral() {
        DhKey drawn = ephemeral;
        if (drawn == null) {
            throw new HandshakeRefusedException(RefusalReason.OUT_OF_ORDER);
        }
        return drawn;
    }

    DhKey fixed() {
        return CryptoProvider.active().newDhKey(fixed.raw());
    }

    @Override
    public void close() {
        fixed.close();
        ephemeral = null;
    }
}
