package io.ferrymesh.scheme;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import javax.crypto.KeyAgreement;

/** ECDH on P-256 by a JCA provider. Public keys arrive as validated points. */
final class CorrettoEcdh {

    private final Provider provider;
    private final KeyFactory keys;
    private final ECParameterSpec curve;

    CorrettoEcdh(Provider provider) {
        this.provider = provider;
        try {
            keys = KeyFactory.getInstance("EC", provider);
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            curve = parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("P-256 is not available", e);
        }
    }

    DhKey key(byte[] scalar) {
        try {
            PrivateKey secret = keys.generatePrivate(new ECPrivateKeySpec(new BigInteger(1, scalar), curve));
            return peer -> agree(secret, peer);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a private key was not accepted", e);
        }
    }

    private byte[] agree(PrivateKey secret, Point peer) {
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH", provider);
            agreement.init(secret);
            agreement.doPhase(publicKey(peer), true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new MalformedException("a point was not accepted");
        }
    }

    private PublicKey publicKey(Point peer) throws GeneralSecurityException {
        var point = peer.ec();
        var affine = new ECPoint(
                point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
        return keys.generatePublic(new ECPublicKeySpec(affine, curve));
    }
}
