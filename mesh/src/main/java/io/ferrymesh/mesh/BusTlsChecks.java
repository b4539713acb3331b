package io.ferrymesh.mesh;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;

/** Whether the files of {@link BusTls} fit each other at a time. */
final class BusTlsChecks {

    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final String ANY = "2.5.29.37.0";

    private BusTlsChecks() {}

    static void check(PemFile certificate, PemFile key, PemFile authorities, Instant now) {
        List<X509Certificate> chain = certificate.certificates();
        List<X509Certificate> trusted = authorities.certificates();
        requireInForce(certificate, chain, now);
        requireInForce(authorities, trusted, now);
        if (!isForBoth(chain.get(0))) {
            throw certificate.refusal("a certificate for servers and for clients (extended key usage)");
        }
        if (!belongs(key.key(), chain.get(0).getPublicKey())) {
            throw key.refusal("the key of the certificate in " + certificate.file());
        }
        if (!isVouchedFor(chain, trusted, now)) {
            throw certificate.refusal("a chain up to a certificate in " + authorities.file());
        }
    }

    private static void requireInForce(PemFile file, List<X509Certificate> certificates, Instant now) {
        for (X509Certificate each : certificates) {
            Instant from = each.getNotBefore().toInstant();
            Instant to = each.getNotAfter().toInstant();
            if (now.isBefore(from) || now.isAfter(to)) {
                throw file.refusal("valid now, not only from " + from + " to " + to + " as "
                        + each.getSubjectX500Principal().getName() + " is");
            }
        }
    }

    /** Every member is both: it listens, and it connects to others. */
    private static boolean isForBoth(X509Certificate certificate) {
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            return usages == null || usages.contains(ANY) || usages.containsAll(List.of(SERVER, CLIENT));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static boolean belongs(PrivateKey key, PublicKey certified) {
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        byte[] message = {1, 2, 3};
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(message);
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certified);
            verifier.update(message);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException e) {
            return false; // of another kind
        }
    }

    private static boolean isVouchedFor(List<X509Certificate> chain, List<X509Certificate> trusted, Instant now) {
        List<X509Certificate> path =
                chain.stream().filter(each -> !trusted.contains(each)).toList();
        try {
            PKIXParameters parameters = new PKIXParameters(
                    trusted.stream().map(each -> new TrustAnchor(each, null)).collect(Collectors.toSet()));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            var unused = CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return true;
        } catch (CertPathValidatorException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PKIX", e);
        }
    }
}
