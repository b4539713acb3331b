package io.ferrymesh.scheme;

/**
 * One entry of the revocation log: a pseudonym and, in epoch seconds, the last second in which the entry is needed, when its
 * certificate expires. 20 bytes, {@code pseudonym 16 ‖ u32 until}. Scheme, What the KGC publishes.
 */
public record RevocationEntry(Pseudonym pseudonym, long until) {

    /** Bytes in an entry. */
    public static final int LENGTH = Pseudonym.LENGTH + 4;

    /** Refuses a time that does not fit 32 bits. */
    public RevocationEntry {
        if (until < 0 || until >>> 32 != 0) {
            throw new IllegalArgumentException("until does not fit 32 bits: " + until);
        }
    }

    /** The 20 bytes. */
    public byte[] encoded() {
        return Bytes.concat(pseudonym.raw(), Bytes.u32((int) until));
    }

    static RevocationEntry read(Reader in) {
        return new RevocationEntry(Pseudonym.of(in.bytes(Pseudonym.LENGTH)), in.u32());
    }
}
