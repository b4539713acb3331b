package io.ferrymesh.benchmarks.crypto;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A P-256 key and its certificate: an authority's own, or one that the authority signed. */
record TlsIdentity(PrivateKey key, X509Certificate certificate) {

    static TlsIdentity authority() throws Exception {
        KeyPair keys = keys();
        return certify("CN=benchmark authority", keys, "CN=benchmark authority", keys.getPrivate(), true);
    }

    /** A leaf directly under this authority. */
    TlsIdentity issue(String name) throws Exception {
        return certify(name, keys(), certificate.getSubjectX500Principal().getName(), key, false);
    }

    private static KeyPair keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static TlsIdentity certify(String name, KeyPair keys, String issuer, PrivateKey signer, boolean authority)
            throws Exception {
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                new X500Name(issuer),
                BigInteger.valueOf(now.toEpochMilli()),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                new X500Name(name),
                keys.getPublic());
        int usage = authority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature;
        var holder = builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority))
                .addExtension(Extension.keyUsage, true, new KeyUsage(usage))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer));
        return new TlsIdentity(keys.getPrivate(), new JcaX509CertificateConverter().getCertificate(holder));
    }
}
