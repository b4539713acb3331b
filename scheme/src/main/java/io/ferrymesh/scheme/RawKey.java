package io.ferrymesh.scheme;

import javax.crypto.SecretKey;

/** Key bytes in the form the JCA wants, which unlike its own class can be wiped. */
final class RawKey extends FixedSecret implements SecretKey {

    private static final long serialVersionUID = 1L;

    private final String algorithm;

    RawKey(byte[] value, String algorithm) {
        super(value, value.length);
        this.algorithm = algorithm;
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public byte[] getEncoded() {
        return copy();
    }
}
