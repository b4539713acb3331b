package io.ferrymesh.scheme;

import java.security.SecureRandom;

/**
 * A receipt with the destination's signature over its bytes, and the source's over those bytes and the destination's
 * signature: {@code receipt ‖ signature ‖ countersignature}. Decoding verifies nothing; {@link #verify} does.
 */
public record SignedReceipt(Receipt receipt, Signature signature, Signature countersignature) {

    /** Bytes in the encoded form. */
    public static final int LENGTH = Receipt.LENGTH + 2 * Signature.LENGTH;

    /** The destination's part; IllegalArgumentException if the credential is not the one the receipt contains. */
    public static Signature sign(Receipt receipt, Credential destination, SecureRandom random) {
        requireSigner(receipt.destinationSigner(), destination);
        return destination.sign(receipt.encoded(), random);
    }

    /**
     * The source's part, after it compared the receipt with what it sent. Refused with SIGNATURE unless the destination's
     * signature verifies; IllegalArgumentException if the credential is not the one the receipt contains.
     */
    public static SignedReceipt countersign(
            Receipt receipt, Signature signature, Credential source, SecureRandom random) {
        requireSigner(receipt.sourceSigner(), source);
        if (!SchemeVerifier.verify(source.kgc(), receipt.destinationSigner(), receipt.encoded(), signature)) {
            throw new RefusedException("receipt", RefusalReason.SIGNATURE);
        }
        byte[] signed = Bytes.concat(receipt.encoded(), signature.raw());
        return new SignedReceipt(receipt, signature, source.sign(signed, random));
    }

    private static void requireSigner(Certificate named, Credential signer) {
        if (!named.equals(signer.certificate())) {
            throw new IllegalArgumentException("the receipt contains another signing certificate");
        }
    }

    /** The whole, 405 bytes. */
    public byte[] encoded() {
        return Bytes.concat(receipt.encoded(), signature.raw(), countersignature.raw());
    }

    /** Decodes the whole strictly. */
    public static SignedReceipt decode(byte[] encoded) {
        Reader in = new Reader(encoded, "signed receipt");
        Receipt receipt = Receipt.read(in);
        Signature signature = Signature.of(in.bytes(Signature.LENGTH));
        Signature countersignature = Signature.of(in.bytes(Signature.LENGTH));
        in.end();
        return new SignedReceipt(receipt, signature, countersignature);
    }

    /**
     * Whether both signatures verify under this key centre and both signing certificates were valid when the migration
     * finished, by the receipt's own clock. Says nothing about revocation.
     */
    public boolean verify(KgcPublicKey kgc) {
        byte[] body = receipt.encoded();
        return validAtTheEnd(receipt.destinationSigner())
                && validAtTheEnd(receipt.sourceSigner())
                && SchemeVerifier.verify(kgc, receipt.destinationSigner(), signature, body)
                && SchemeVerifier.verify(kgc, receipt.sourceSigner(), countersignature, body, signature.raw());
    }

    private boolean validAtTheEnd(Certificate signer) {
        return signer.info()
                .validity()
                .check(Math.floorDiv(receipt.finishedAt(), 1000L))
                .isEmpty();
    }
}
