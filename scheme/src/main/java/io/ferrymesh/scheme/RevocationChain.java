package io.ferrymesh.scheme;

/**
 * The hash chain over the revocation log: {@code h_0} is 32 zero bytes, {@code h_i = SHA-256("FERRYMESH-V1-REVOCATION" ‖
 * h_{i-1} ‖ u64 i ‖ entry)}. Whoever knows {@code h_i} from a {@link Bulletin} knows every entry up to i. Scheme, What the KGC
 * publishes.
 */
public final class RevocationChain {

    /** {@code h_0}. */
    public static final Digest START = Digest.of(new byte[Digest.LENGTH]);

    private static final byte[] LABEL = Bytes.ascii("FERRYMESH-V1-REVOCATION");

    private RevocationChain() {}

    /** {@code h_number}, from {@code h_{number-1}} and the entry with this number; the first has number 1. */
    public static Digest next(Digest previous, long number, RevocationEntry entry) {
        if (number < 1) {
            throw new IllegalArgumentException("number must be >= 1: " + number);
        }
        byte[] position = new byte[8];
        Bytes.putU64(position, 0, number);
        return Digest.sha256(LABEL, previous.raw(), position, entry.encoded());
    }
}
