package io.ferrymesh.web;

import static io.ferrymesh.web.ServerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are renewed while a server runs. */
@Timeout(60)
class TlsReloadTest {

    @TempDir
    private static Path directory;

    private static PemFiles one;
    private static PemFiles other;

    @TempDir
    private Path work;

    private PemFiles live;

    @BeforeAll
    static void make() throws Exception {
        one = PemPair.make(directory, "one", 10);
        other = PemPair.make(directory, "other", 90);
    }

    @BeforeEach
    void begin() throws IOException {
        live = new PemFiles(work.resolve("certificate.pem"), work.resolve("key.pem"));
        copy(one);
    }

    @Test
    void new_connections_get_what_the_files_hold_now_and_open_ones_go_on() throws Exception {
        try (ServerUnderTest server = server(WebServer.RELOAD_MS);
                SSLSocket before = connect(server)) {
            assertThat(shown(before)).isEqualTo("CN=one");
            assertThat(daysLeft(server)).isBetween(9L, 10L);
            copy(other);
            await(server.server.reloadTls());
            assertThat(shown(server)).isEqualTo("CN=other");
            assertThat(daysLeft(server)).isBetween(89L, 90L);
            before.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(ServerUnderTest.rest(before)).startsWith("HTTP/1.1 204");
        }
    }

    @Test
    void files_that_do_not_belong_together_change_nothing() throws Exception {
        try (ServerUnderTest server = server(WebServer.RELOAD_MS)) {
            Files.copy(other.certificate(), live.certificate(), StandardCopyOption.REPLACE_EXISTING);
            await(server.server.reloadTls());
            assertThat(shown(server)).isEqualTo("CN=one");
            assertThat(daysLeft(server)).isBetween(9L, 10L);
        }
    }

    @Test
    void the_server_looks_at_the_files_by_itself() throws Exception {
        try (ServerUnderTest server = server(20)) {
            assertThat(shown(server)).isEqualTo("CN=one");
            copy(other);
            String now = shown(server);
            while (!now.equals("CN=other")) { // in its own time; the test's ends
                now = shown(server);
            }
            assertThat(now).isEqualTo("CN=other");
        }
    }

    private ServerUnderTest server(long reloadMs) {
        WebServerOptions options = new WebServerOptions(
                "the server under test", "127.0.0.1", 0, Optional.of(live), WebLimits.DEFAULT, Cors.OFF);
        return new ServerUnderTest(
                options,
                request -> {
                    var unused = Reply.empty(204).send(request);
                },
                reloadMs);
    }

    private void copy(PemFiles from) throws IOException {
        Files.writeString(live.certificate(), Files.readString(from.certificate()));
        Files.writeString(live.key(), Files.readString(from.key()));
    }

    private static long daysLeft(ServerUnderTest server) {
        return ChronoUnit.DAYS.between(
                Instant.now(), server.server.certificateExpires().orElseThrow());
    }

    private static String shown(ServerUnderTest server) throws Exception {
        try (SSLSocket socket = connect(server)) {
            return shown(socket);
        }
    }

    private static String shown(SSLSocket socket) throws Exception {
        X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName();
    }

    private static SSLSocket connect(ServerUnderTest server) throws Exception {
        SSLContext anything = SSLContext.getInstance("TLS");
        anything.init(null, new TrustManager[] {new Gullible()}, null);
        SSLSocket socket = (SSLSocket) anything.getSocketFactory()
                .createSocket(server.uri().getHost(), server.uri().getPort());
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
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
