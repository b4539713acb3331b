package io.ferrymesh.scheme;

/**
 * What a certificate says about its holder, 30 bytes. Times are epoch seconds below 2^32, both included. Scheme,
 * Certificates.
 */
public record CertificateInfo(Usage usage, KgcTag kgc, Pseudonym pseudonym, long notBefore, long notAfter) {

    /** Bytes in the encoded form. */
    public static final int LENGTH = 30;

    private static final int VERSION = 1;

    /** Refuses a validity that ends before it begins or does not fit 32 bits. */
    public CertificateInfo {
        var unused = new Validity(notBefore, notAfter);
    }

    /** The validity as one value. */
    public Validity validity() {
        return new Validity(notBefore, notAfter);
    }

    /** The 30 bytes. */
    public byte[] encoded() {
        var out = new Writer(LENGTH);
        out.u8(VERSION);
        out.u8(usage.code());
        out.bytes(kgc.raw());
        out.bytes(pseudonym.raw());
        out.u32(notBefore);
        out.u32(notAfter);
        return out.toByteArray();
    }

    static CertificateInfo read(Reader in) {
        in.version(VERSION);
        Usage usage = Usage.of(in.u8());
        KgcTag kgc = KgcTag.of(in.bytes(KgcTag.LENGTH));
        Pseudonym pseudonym = Pseudonym.of(in.bytes(Pseudonym.LENGTH));
        Validity validity = in.validity();
        return new CertificateInfo(usage, kgc, pseudonym, validity.notBefore(), validity.notAfter());
    }
}
