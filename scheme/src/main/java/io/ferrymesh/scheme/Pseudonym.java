package io.ferrymesh.scheme;

/** The name a provider goes by: 16 bytes that only the key centre's {@link TraceKey} opens. Scheme, Pseudonyms. */
public final class Pseudonym extends FixedBytes {

    /** Bytes in a pseudonym. */
    public static final int LENGTH = 16;

    private Pseudonym(byte[] value) {
        super(value, LENGTH);
    }

    /** The pseudonym of exactly 16 bytes. */
    public static Pseudonym of(byte[] value) {
        return new Pseudonym(value);
    }

    /** The pseudonym written as 32 hex digits; anything else is malformed. */
    public static Pseudonym parse(String hex) {
        return new Pseudonym(Bytes.hex(hex, LENGTH, "a pseudonym"));
    }
}
