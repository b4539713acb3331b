package io.ferrymesh.scheme;

/** What a source says it has read, in a form that it alone can make and check: 16 bytes. Scheme, Vouchers. */
public final class Voucher extends FixedBytes {

    /** Bytes in a voucher. */
    public static final int LENGTH = 16;

    private Voucher(byte[] value) {
        super(value, LENGTH);
    }

    /** The voucher of exactly 16 bytes. */
    public static Voucher of(byte[] value) {
        return new Voucher(value);
    }
}
