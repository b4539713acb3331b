package io.ferrymesh.provider.accounts;

import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.regex.Pattern;

/**
 * A key for access tokens (ES256, RFC 7518 section 3.4). Prints without the private key.
 *
 * @param id goes into the tokens; 1 to 32 letters, digits or -
 * @param privateKey on P-256
 * @param publicKey that belongs to it
 */
public record TokenKey(String id, ECPrivateKey privateKey, ECPublicKey publicKey) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,32}");
    private static final int P256_BITS = 256;

    public TokenKey {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("a token key's id is 1 to 32 letters, digits or -: " + id);
        }
        if (privateKey.getParams().getOrder().bitLength() != P256_BITS
                || publicKey.getParams().getOrder().bitLength() != P256_BITS) {
            throw new IllegalArgumentException("token key " + id + " is on P-256");
        }
    }

    @Override
    public String toString() {
        return "TokenKey[" + id + ", ***]";
    }
}
