package io.ferrymesh.benchmarks.crypto;

import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The JDK's path validation under one authority, counting the chains that passed. A resumed session validates none, so
 * the count shows that a handshake was a full one.
 */
final class CountingTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager validator;
    private long clients;
    private long servers;

    private CountingTrust(X509ExtendedTrustManager validator) {
        this.validator = validator;
    }

    static CountingTrust in(X509Certificate authority) throws Exception {
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("authority", authority);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX", "SunJSSE");
        factory.init(anchors);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager validator) {
                return new CountingTrust(validator);
            }
        }
        throw new IllegalStateException("no validator of X.509 chains");
    }

    /** What Conscrypt calls GENERIC in TLS 1.3, where no cipher suite names a kind of key, the JDK calls UNKNOWN. */
    private static String known(String type) {
        return type.equals("GENERIC") ? "UNKNOWN" : type;
    }

    /** Clients' chains that passed. */
    long clients() {
        return clients;
    }

    /** Servers' chains that passed. */
    long servers() {
        return servers;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        validator.checkClientTrusted(chain, known(type), engine);
        clients++;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        validator.checkServerTrusted(chain, known(type), engine);
        servers++;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("no sockets here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("no sockets here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        validator.checkClientTrusted(chain, known(type));
        clients++;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        validator.checkServerTrusted(chain, known(type));
        servers++;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return validator.getAcceptedIssuers();
    }
}
