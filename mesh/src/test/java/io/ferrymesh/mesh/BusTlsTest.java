package io.ferrymesh.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BusTlsTest {

    private static final String CERTIFICATE = "FERRYMESH_EVENTBUS_TLS_CERTIFICATE";
    private static final String KEY = "FERRYMESH_EVENTBUS_TLS_KEY";
    private static final String CA = "FERRYMESH_EVENTBUS_TLS_CA";

    @TempDir
    private static Path directory;

    private static TestAuthority authority;
    private static TestAuthority other;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority(directory, "authority")
                .issue("one")
                .issue("rsa", "-keyalg", "RSA")
                .issue("expired", "-startdate", "-3d", "-validity", "1")
                .issue("early", "-startdate", "+2d")
                .issue("server", "-ext", "eku=serverAuth");
        other = new TestAuthority(directory, "other").issue("one");
    }

    private static Map<String, String> files(Path certificate, Path key, Path ca) {
        return Map.of(CERTIFICATE, certificate.toString(), KEY, key.toString(), CA, ca.toString());
    }

    private static Map<String, String> with(String key, Path file) {
        Map<String, String> files = new HashMap<>(of("one"));
        files.put(key, file.toString());
        return files;
    }

    private static Map<String, String> of(String member) {
        return files(authority.certificate(member), authority.key(member), authority.certificate());
    }

    private static void refused(Map<String, String> environment, String message) {
        assertThatThrownBy(() -> MeshOptions.fromEnvironment(environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void files_that_fit_are_taken_and_none_means_a_plain_bus() {
        for (String member : new String[] {"one", "rsa"}) {
            BusTls tls = MeshOptions.fromEnvironment(of(member)).eventBusTls().orElseThrow();
            assertThat(tls.certificate()).isEqualTo(authority.certificate(member));
            assertThat(tls.key()).isEqualTo(authority.key(member));
            assertThat(tls.authorities()).isEqualTo(authority.certificate());
        }
        assertThat(MeshOptions.fromEnvironment(Map.of(KEY, " ")).eventBusTls()).isEmpty();
    }

    @Test
    void one_without_the_others_is_refused() {
        String all = String.join(", ", CERTIFICATE, KEY, CA);
        refused(
                Map.of(KEY, authority.key("one").toString()),
                CERTIFICATE + " and " + CA + " must be set where another of " + all + " is: none");
        Map<String, String> withoutCa = new HashMap<>(of("one"));
        withoutCa.remove(CA);
        refused(withoutCa, CA + " must be set where another of " + all + " is: none");
    }

    @Test
    void what_is_no_file_is_refused() {
        for (String key : new String[] {CERTIFICATE, KEY, CA}) {
            for (Path file : new Path[] {directory.resolve("nowhere"), directory}) {
                refused(with(key, file), key + " must be a file that can be read, of at most 1048576 bytes: " + file);
            }
        }
    }

    @Test
    void what_is_no_pem_is_refused() throws Exception {
        Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "nonsense");
        Path damaged = Files.writeString(
                directory.resolve("damaged.pem"),
                """
                -----BEGIN CERTIFICATE-----
                AAAA
                -----END CERTIFICATE-----
                -----BEGIN PRIVATE KEY-----
                AAAA
                -----END PRIVATE KEY-----
                """);
        for (Path file : new Path[] {nonsense, damaged}) {
            refused(with(CERTIFICATE, file), CERTIFICATE + " must be a file with certificates in PEM: " + file);
            refused(with(CA, file), CA + " must be a file with certificates in PEM: " + file);
            refused(
                    with(KEY, file),
                    KEY + " must be a file with one RSA or EC key in PEM, PKCS#8 (BEGIN PRIVATE KEY)"
                            + " without a passphrase: " + file);
        }
    }

    @Test
    void the_key_of_another_certificate_is_refused() {
        for (Path key : new Path[] {other.key("one"), authority.key("rsa")}) {
            refused(
                    with(KEY, key),
                    KEY + " must be the key of the certificate in " + authority.certificate("one") + ": " + key);
        }
    }

    @Test
    void a_certificate_that_has_run_out_or_is_not_valid_yet_is_refused() {
        for (String member : new String[] {"expired", "early"}) {
            assertThatThrownBy(() -> MeshOptions.fromEnvironment(of(member)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(CERTIFICATE + " must be valid now, not only from ")
                    .hasMessageEndingWith("as CN=" + member + " is: " + authority.certificate(member));
        }
    }

    @Test
    void a_certificate_that_others_issued_is_refused() {
        refused(
                with(CA, other.certificate()),
                CERTIFICATE + " must be a chain up to a certificate in " + other.certificate() + ": "
                        + authority.certificate("one"));
    }

    @Test
    void a_certificate_for_servers_only_is_refused() {
        refused(
                of("server"),
                CERTIFICATE + " must be a certificate for servers and for clients (extended key usage): "
                        + authority.certificate("server"));
    }
}
