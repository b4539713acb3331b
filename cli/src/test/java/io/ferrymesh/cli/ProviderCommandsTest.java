package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.keys.NewestTokenKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator of a provider does beside its processes. */
class ProviderCommandsTest {

    @TempDir
    private Path directory;

    private Path database;

    @BeforeEach
    void configure() throws IOException {
        database = directory.resolve("provider.db");
        Files.writeString(directory.resolve("passphrase"), "correct horse battery\n");
        Files.writeString(directory.resolve("other"), "another horse battery\n");
        Files.writeString(
                directory.resolve("provider.yaml"),
                """
                database: {url: "sqlite:%1$s/provider.db"}
                keys: {file: "%1$s/provider.p12", passphraseFile: "%1$s/passphrase"}
                kgc: {fingerprint: %2$s}
                store: {type: directory, directory: {root: "%1$s/objects"}}
                """
                        .formatted(directory, "ab".repeat(32)));
    }

    @Test
    void accounts_are_neither_listed_nor_changed_in_a_database_with_another_schema_which_stays_as_it_is()
            throws Exception {
        Files.createFile(database);
        for (String command : List.of("list", "lock alex", "unlock alex", "delete alex", "quota alex 5")) {
            Program.Result refused = run("account " + command);
            assertThat(refused.status()).as(command).isEqualTo(1);
            assertThat(refused.err()).as(command).contains("holds no schema of this program");
        }
        assertThat(Files.size(database)).isZero();
    }

    @Test
    void accounts_are_listed_and_changed_in_a_database_that_fits() throws Exception {
        works(run("init"));
        Path password = Files.writeString(directory.resolve("password"), "nine lives of a cat");
        works(run("account create alex --password-file=" + password));
        assertThat(run("account lock alex").json().getString("state")).isEqualTo("LOCKED");
        assertThat(run("account list").json().getString("name")).isEqualTo("alex");
    }

    @Test
    void the_next_key_for_tokens_is_in_the_key_file_and_known_to_the_database() throws Exception {
        works(run("init"));
        assertThat(run("rotate --activate-after-seconds=3600").json().getInteger("number"))
                .isEqualTo(2);
        assertThat(newest()).isEqualTo(2);
        Program.Result again = run("rotate --activate-after-seconds=3600");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).contains("has a signing key already that is not active yet");
        assertThat(newest()).isEqualTo(2);
    }

    @Test
    void without_the_database_no_key_is_added() throws Exception {
        works(run("init"));
        byte[] before = Files.readAllBytes(directory.resolve("provider.p12"));
        Files.move(database, directory.resolve("elsewhere.db"));
        assertThat(run("rotate --activate-after-seconds=3600").err()).contains("there is no database");
        assertThat(Files.readAllBytes(directory.resolve("provider.p12"))).isEqualTo(before);
    }

    @Test
    void a_key_file_gets_another_passphrase() throws Exception {
        works(run("init"));
        assertThat(run("passphrase --new-passphrase-file=" + directory.resolve("other"))
                        .json()
                        .getString("keyFile"))
                .isEqualTo(directory.resolve("provider.p12").toString());
        Program.Result old = run("rotate --activate-after-seconds=0");
        assertThat(old.status()).isEqualTo(1);
        assertThat(old.err()).contains("wrong passphrase");
        Files.copy(directory.resolve("other"), directory.resolve("passphrase"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(run("rotate --activate-after-seconds=0").json().getInteger("number"))
                .isEqualTo(2);
    }

    @Test
    void a_key_centres_key_file_gets_another_passphrase() throws Exception {
        String keys = " --key-file=" + directory.resolve("kgc.p12") + " --passphrase-file=";
        works(kgc("init" + keys + directory.resolve("passphrase")));
        works(kgc("passphrase --new-passphrase-file=" + directory.resolve("other") + keys
                + directory.resolve("passphrase")));
        Program.Result old = kgc("operator list" + keys + directory.resolve("passphrase"));
        assertThat(old.err()).contains("wrong passphrase");
        assertThat(kgc("operator list" + keys + directory.resolve("other")).succeeded())
                .isEmpty();
    }

    private int newest() {
        try (Database open = Database.openReadOnly(new DatabaseOptions.Sqlite(database), ProviderDatabase.MIGRATIONS)) {
            return NewestTokenKey.known(open);
        }
    }

    private static void works(Program.Result result) {
        assertThat(result.status()).as(result.err()).isZero();
    }

    private static Program.Result kgc(String line) {
        return Program.run(("kgc " + line).split(" ", -1));
    }

    private Program.Result run(String line) {
        List<String> words = new ArrayList<>(List.of(("provider " + line).split(" ", -1)));
        words.add("--config=" + directory.resolve("provider.yaml"));
        return Program.run(words.toArray(String[]::new));
    }
}
