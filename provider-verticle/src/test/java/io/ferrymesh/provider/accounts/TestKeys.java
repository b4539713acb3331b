package io.ferrymesh.provider.accounts;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;

/** Keys in memory; the last of the token keys signs. */
record TestKeys(byte seed, List<TokenKey> all) implements AccountKeys {

    static TestKeys of(String... ids) {
        return new TestKeys((byte) 7, Arrays.stream(ids).map(TestKeys::key).toList());
    }

    static TokenKey key(String id) {
        KeyPair pair = pair();
        return new TokenKey(id, (ECPrivateKey) pair.getPrivate(), (ECPublicKey) pair.getPublic());
    }

    static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public byte[] pepper() {
        byte[] pepper = new byte[32];
        Arrays.fill(pepper, seed);
        return pepper;
    }

    @Override
    public List<TokenKey> tokenKeys(long nowSeconds) {
        return all;
    }
}
