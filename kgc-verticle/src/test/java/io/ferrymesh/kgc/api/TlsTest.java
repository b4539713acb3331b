package io.ferrymesh.kgc.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.web.PemFiles;
import io.ferrymesh.web.PemPair;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    @TempDir
    private static Path directory;

    private static PemFiles one;
    private static PemFiles other;

    @BeforeAll
    static void make() throws Exception {
        one = PemPair.make(directory, "one");
        other = PemPair.make(directory, "other");
    }

    @Test
    void it_shows_its_certificate_and_a_new_one_once_the_files_change() throws Exception {
        Path work = Files.createDirectory(directory.resolve("work"));
        PemFiles live = new PemFiles(work.resolve("certificate.pem"), work.resolve("key.pem"));
        copy(one, live);
        try (ApiUnderTest api = new ApiUnderTest(new ApiOptions("127.0.0.1", 0, Optional.of(live)))) {
            assertThat(api.uri().getScheme()).isEqualTo("https");
            assertThat(shown(api)).isEqualTo("CN=one");
            Files.writeString(live.key(), "half a key");
            awaitReload(api);
            assertThat(shown(api)).isEqualTo("CN=one");
            copy(other, live);
            awaitReload(api);
            assertThat(shown(api)).isEqualTo("CN=other");
        }
    }

    @Test
    void a_client_that_speaks_no_tls_gets_nothing() throws IOException {
        try (ApiUnderTest api = new ApiUnderTest(new ApiOptions("127.0.0.1", 0, Optional.of(one)));
                Socket socket = api.raw()) {
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(5);
            assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("HTTP");
        }
    }

    private static void copy(PemFiles from, PemFiles to) throws IOException {
        Files.writeString(to.certificate(), Files.readString(from.certificate()));
        Files.writeString(to.key(), Files.readString(from.key()));
    }

    private static void awaitReload(ApiUnderTest api) throws Exception {
        Void unused = api.reloadTls().await(20, TimeUnit.SECONDS);
    }

    private static String shown(ApiUnderTest api) throws Exception {
        SSLContext anything = SSLContext.getInstance("TLS");
        anything.init(null, new TrustManager[] {new Gullible()}, null);
        try (SSLSocket socket = (SSLSocket) anything.getSocketFactory()
                .createSocket(api.uri().getHost(), api.uri().getPort())) {
            socket.startHandshake();
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        }
    }

    /** Only looks. */
    private static final class Gullible implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
