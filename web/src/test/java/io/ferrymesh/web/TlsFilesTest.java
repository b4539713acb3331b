package io.ferrymesh.web;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {

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
    void a_certificate_and_its_key_are_taken() {
        assertThatCode(() -> load(one)).doesNotThrowAnyException();
    }

    @Test
    void a_key_of_another_certificate_is_refused() {
        assertThatThrownBy(() -> load(new PemFiles(one.certificate(), other.key())))
                .isInstanceOf(TlsFiles.BadFiles.class)
                .hasMessageContainingAll(
                        "the key must be the certificate's", other.key().toString());
    }

    @Test
    void what_is_no_pem_is_refused_with_what_would_be_right() throws IOException {
        Path nonsense = Files.writeString(directory.resolve("nonsense"), "nonsense");
        assertThatThrownBy(() -> load(new PemFiles(nonsense, one.key())))
                .isInstanceOf(TlsFiles.BadFiles.class)
                .hasMessageContainingAll("the certificate must be a PEM chain", nonsense.toString());
        assertThatThrownBy(() -> load(new PemFiles(directory.resolve("nowhere"), one.key())))
                .isInstanceOf(TlsFiles.BadFiles.class)
                .hasMessageContainingAll("the certificate must be a PEM file that can be read", "nowhere");
    }

    private static void load(PemFiles files) throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            var unused = TlsFiles.load(vertx, files);
        } finally {
            Void unused = vertx.close().await(20, TimeUnit.SECONDS);
        }
    }
}
