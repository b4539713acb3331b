package io.ferrymesh.scheme;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An implicit certificate, {@code info ‖ Z}, 63 bytes. Any well-formed one gives some public key, so it proves nothing
 * until its holder has used the private key: trust follows a handshake's tags or a signature, never a certificate alone.
 */
public final class Certificate {

    /** Bytes in a certificate. */
    public static final int LENGTH = CertificateInfo.LENGTH + Point.LENGTH;

    private final byte[] encoded;
    private final CertificateInfo info;
    private final Point point;

    private Certificate(byte[] encoded, CertificateInfo info, Point point) {
        this.encoded = encoded;
        this.info = info;
        this.point = point;
    }

    static Certificate of(CertificateInfo info, Point point) {
        return new Certificate(Bytes.concat(info.encoded(), point.encoded()), info, point);
    }

    /** Decodes 63 bytes; a wrong length, an unknown version or usage, an inverted validity or a bad point is malformed. */
    public static Certificate decode(byte[] encoded) {
        Reader in = new Reader(encoded, "certificate");
        CertificateInfo info = CertificateInfo.read(in);
        Point point = Point.decode(in.bytes(Point.LENGTH));
        in.end();
        return new Certificate(encoded.clone(), info, point);
    }

    /** A copy of the 63 bytes. */
    public byte[] encoded() {
        return encoded.clone();
    }

    /** What it says. */
    public CertificateInfo info() {
        return info;
    }

    /** Its holder's name. */
    public Pseudonym pseudonym() {
        return info.pseudonym();
    }

    /** The holder's public key under this key centre, {@code Z + e·P}. */
    public Point publicKey(KgcPublicKey kgc) {
        return reconstruct(encoded, point, kgc);
    }

    /** As {@link #publicKey} from the bytes alone, whatever the info part says. */
    static Point reconstruct(byte[] encoded, KgcPublicKey kgc) {
        byte[] point = Arrays.copyOfRange(encoded, CertificateInfo.LENGTH, LENGTH);
        return reconstruct(encoded, Point.decode(point), kgc);
    }

    private static Point reconstruct(byte[] encoded, Point point, KgcPublicKey kgc) {
        return Point.of(kgc.multiply(challenge(encoded, kgc)).add(point.ec()));
    }

    /** {@code e = H2S("CERT", P ‖ info ‖ Z)}. */
    static BigInteger challenge(byte[] encoded, KgcPublicKey kgc) {
        return HashToScalar.of("CERT", kgc.raw(), encoded);
    }

    byte[] raw() {
        return encoded;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Certificate that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(encoded);
    }
}
