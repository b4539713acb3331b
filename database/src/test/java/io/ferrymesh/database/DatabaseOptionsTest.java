package io.ferrymesh.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseOptionsTest {

    @Test
    void a_file_is_named_by_its_path() {
        assertThat(parse("sqlite:/var/lib/ferrymesh/../registry.db"))
                .isEqualTo(new DatabaseOptions.Sqlite(Path.of("/var/lib/registry.db")))
                .hasToString("sqlite:/var/lib/registry.db");
        assertThat(parse("sqlite:registry.db"))
                .isEqualTo(new DatabaseOptions.Sqlite(Path.of("registry.db").toAbsolutePath()));
    }

    @Test
    void a_server_is_named_by_its_url_and_the_password_stays_hidden() {
        DatabaseOptions options = DatabaseOptions.parse(
                "postgresql://db.example.org:5433/kgc?sslmode=require&currentSchema=kgc",
                Optional.of("kgc"),
                Optional.of("sesame"));
        assertThat(options)
                .hasToString("postgresql://db.example.org:5433/kgc?sslmode=require&currentSchema=kgc")
                .isInstanceOfSatisfying(DatabaseOptions.Postgres.class, postgres -> assertThat(postgres.password())
                        .contains("sesame"));
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://db.example.org/kgc, postgresql://db.example.org/kgc?sslmode=verify-full",
        "postgresql://db/kgc?sslrootcert=/ca.pem, postgresql://db/kgc?sslrootcert=/ca.pem&sslmode=verify-full",
        "postgresql://db/kgc?sslmode=disable, postgresql://db/kgc?sslmode=disable",
        "postgresql://127.0.0.1:5432/kgc, postgresql://127.0.0.1:5432/kgc",
        "postgresql://[::1]/kgc, postgresql://[::1]/kgc",
        "postgresql://localhost/kgc, postgresql://localhost/kgc"
    })
    void a_server_elsewhere_must_prove_its_name_unless_the_url_says_otherwise(String given, String used) {
        assertThat(parse(given)).hasToString(used);
    }

    @ParameterizedTest
    @CsvSource({
        "sqlite:, no URL",
        "sqlite::memory:, that is no plain path",
        "sqlite:///var/registry.db, that is no plain path",
        "sqlite:/registry.db?mode=memory, that is no plain path",
        "mysql://db/kgc, sqlite:/path/to/file or postgresql://host:port/name",
        "postgresql://db, that is neither",
        "postgresql://db/, that is neither",
        "postgresql://db/a/b, that is neither",
        "postgresql://db/kgc#x, that is neither",
        "postgresql:kgc, that is neither",
        "postgresql://d b/kgc, no URL",
        "postgresql://me:secret@db/kgc, holds no user or password",
        "postgresql://db/kgc?password=secret, only",
        "postgresql://db/kgc?user=me, only",
        "postgresql://db/kgc?sslmod=verify-full, only",
        "postgresql://db/kgc?sslmode, only",
        "postgresql://db/kgc?sslmode=require&sslmode=disable, only",
        "postgresql://db/kgc?, only",
        "postgresql://db/kgc?sslmode=full, must be one of"
    })
    void what_is_wrong_is_refused_with_what_would_be_right(String given, String why) {
        assertThatThrownBy(() -> parse(given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("secret"));
    }

    @Test
    void a_file_has_no_user() {
        assertThatThrownBy(() -> DatabaseOptions.parse("sqlite:/registry.db", Optional.of("me"), Optional.empty()))
                .hasMessageContaining("neither user nor password");
    }

    private static DatabaseOptions parse(String url) {
        return DatabaseOptions.parse(url, Optional.empty(), Optional.empty());
    }
}
