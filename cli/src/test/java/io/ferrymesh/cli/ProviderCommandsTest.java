package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.keyfile.Passphrases;
import io.ferrymesh.kgc.keys.KgcKeyFile;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.keys.NewestTokenKey;
import io.ferrymesh.provider.keys.ProviderKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator of a provider does beside its processes. */
class ProviderCommandsTest {

    private static final String KEYS = "provider.p12";
    private static final String DATABASE = "provider.db";
    private static final String OBJECTS = "objects";
    private static final String MARKER = "ferrymesh-provider";

    /** A provider that was begun once for all tests: key files are slow to open on purpose. */
    @TempDir
    private static Path begun;

    @TempDir
    private Path directory;

    @BeforeAll
    static void begin() throws IOException {
        configure(begun);
        works(run(begun, "init"));
    }

    @BeforeEach
    void configure() throws IOException {
        configure(directory);
        Files.copy(begun.resolve(KEYS), directory.resolve(KEYS));
        Files.copy(begun.resolve(DATABASE), directory.resolve(DATABASE));
        Path marker = Files.createDirectory(directory.resolve(OBJECTS)).resolve(MARKER);
        Files.copy(begun.resolve(OBJECTS).resolve(MARKER), marker);
    }

    private static void configure(Path where) throws IOException {
        Files.writeString(where.resolve("passphrase"), "correct horse battery\n");
        Files.writeString(where.resolve("other"), "another horse battery\n");
        Files.writeString(
                where.resolve("provider.yaml"),
                """
                database: {url: "sqlite:%1$s/provider.db"}
                keys: {file: "%1$s/provider.p12", passphraseFile: "%1$s/passphrase"}
                kgc: {fingerprint: %2$s}
                store: {type: directory, directory: {root: "%1$s/objects"}}
                """
                        .formatted(where, "ab".repeat(32)));
    }

    @Test
    void accounts_are_neither_listed_nor_changed_in_a_database_with_another_schema_which_stays_as_it_is()
            throws Exception {
        Path database = directory.resolve(DATABASE);
        Files.delete(database);
        Files.createFile(database);
        Path password = Files.writeString(directory.resolve("password"), "nine lives of a cat");
        for (String command : List.of(
                "list",
                "lock alex",
                "unlock alex",
                "delete alex",
                "quota alex 5",
                "create alex --password-file=" + password)) {
            Program.Result refused = run("account " + command);
            assertThat(refused.status()).as(command).isEqualTo(1);
            assertThat(refused.err()).as(command).contains("holds no schema of this program");
        }
        assertThat(Files.size(database)).isZero();
    }

    @Test
    void accounts_are_listed_and_changed_in_a_database_that_fits() throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "nine lives of a cat");
        Program.Result created = run("account create alex sam --password-file=" + password);
        works(created);
        assertThat(created.out()).contains("\"alex\"", "\"sam\"");
        assertThat(run("account lock alex").json().getString("state")).isEqualTo("LOCKED");
        assertThat(run("account list").out().lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("\"alex\""))
                .anyMatch(line -> line.contains("\"sam\""));
    }

    @Test
    void the_next_key_for_tokens_is_in_the_key_file_and_known_to_the_database() {
        assertThat(run("rotate --activate-after-seconds=3600").json().getInteger("number"))
                .isEqualTo(2);
        try (Database open = Database.openReadOnly(
                new DatabaseOptions.Sqlite(directory.resolve(DATABASE)), ProviderDatabase.MIGRATIONS)) {
            assertThat(NewestTokenKey.known(open)).isEqualTo(2);
        }
    }

    @Test
    void without_the_database_no_key_is_added() throws Exception {
        byte[] before = Files.readAllBytes(directory.resolve(KEYS));
        Files.delete(directory.resolve(DATABASE));
        assertThat(run("rotate --activate-after-seconds=3600").err()).contains("there is no database");
        assertThat(Files.readAllBytes(directory.resolve(KEYS))).isEqualTo(before);
    }

    @Test
    void a_key_file_gets_another_passphrase() throws Exception {
        Path other = directory.resolve("other");
        assertThat(run("passphrase --new-passphrase-file=" + other).json().getString("keyFile"))
                .isEqualTo(directory.resolve(KEYS).toString());
        assertThat(run("rotate --activate-after-seconds=0").err()).contains("wrong passphrase");
        ProviderKeyFile.load(directory.resolve(KEYS), Passphrases.fromFile(other), new SecureRandom())
                .close();
    }

    @Test
    void a_key_centres_key_file_gets_another_passphrase() throws Exception {
        Path file = directory.resolve("kgc.p12");
        String keys = " --key-file=" + file + " --passphrase-file=" + directory.resolve("passphrase");
        works(Program.run(("kgc init" + keys).split(" ", -1)));
        Path other = directory.resolve("other");
        works(Program.run(("kgc passphrase --new-passphrase-file=" + other + keys).split(" ", -1)));
        KgcKeyFile.load(file, Passphrases.fromFile(other), new SecureRandom()).close();
    }

    private static void works(Program.Result result) {
        assertThat(result.status()).as(result.err()).isZero();
    }

    private Program.Result run(String line) {
        return run(directory, line);
    }

    private static Program.Result run(Path where, String line) {
        List<String> words = new ArrayList<>(List.of(("provider " + line).split(" ", -1)));
        words.add("--config=" + where.resolve("provider.yaml"));
        return Program.run(words.toArray(String[]::new));
    }
}
