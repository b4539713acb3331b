package io.ferrymesh.it.helm;

import io.ferrymesh.web.PemFiles;
import io.ferrymesh.web.PemPair;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for addresses, and who trusts it. */
record SelfSigned(PemFiles pem) {

    private static final int DAYS = 90;

    static SelfSigned make(Path directory, List<String> addresses) throws Exception {
        return new SelfSigned(PemPair.make(directory, "tls", DAYS, addresses));
    }

    Path certificate() {
        return pem.certificate();
    }

    Path key() {
        return pem.key();
    }

    HttpClient client() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificate())) {
            trusted.setCertificateEntry(
                    "tls", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), new SecureRandom());
        return HttpClient.newBuilder()
                .sslContext(context)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }
}
