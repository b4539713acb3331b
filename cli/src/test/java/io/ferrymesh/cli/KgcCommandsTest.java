package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.kgc.api.ApiBackend;
import io.ferrymesh.kgc.api.ApiOptions;
import io.ferrymesh.kgc.api.ApiVerticle;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.keys.QuickKeyFile;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.web.PemFiles;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operators' commands against a key centre on SQLite, over its API with TLS and with its key file. */
class KgcCommandsTest {

    private static final String PASSPHRASE = "correct horse battery";
    private static final String REASON = "a court order, file 7/26";

    @TempDir
    private static Path directory;

    private static final Vertx VERTX = Vertx.vertx();
    private static KgcNode.Centre centre;
    private static ApiVerticle api;
    private static PemFiles tls;
    private static String fingerprint;

    @BeforeAll
    static void start() throws Exception {
        Path unused = Files.writeString(directory.resolve("passphrase"), PASSPHRASE + "\n");
        KgcKeyring keyring = QuickKeyFile.create(directory.resolve("kgc.p12"), PASSPHRASE);
        fingerprint = keyring.centre().hex();
        DatabaseOptions where = new DatabaseOptions.Sqlite(directory.resolve("kgc.db"));
        try (Database database = Database.open(where, Kgc.MIGRATIONS)) {
            Kgc.init(keyring, database, LocalCentre.runtime(new SimpleMeterRegistry()));
        }
        for (Role role : Role.values()) {
            JsonObject added = direct("kgc operator add of-" + role + " " + role + " --out " + token(role))
                    .json();
            assertThat(added.fieldNames()).containsExactly("name", "role", "file");
        }
        centre = KgcNode.Centre.open(keyring, where, KgcOptions.defaults(), database -> Backups.none());
        tls = SelfSigned.make(directory);
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        api = new ApiVerticle(
                new ApiOptions("127.0.0.1", 0, Optional.of(tls)), new ApiBackend(centre.kgc(), () -> {}, meters));
        String id = VERTX.deployVerticle(api).await(30, TimeUnit.SECONDS);
        assertThat(id).isNotBlank();
    }

    @AfterAll
    static void stop() throws Exception {
        Void unused = VERTX.close().await(30, TimeUnit.SECONDS);
        centre.close();
    }

    @Test
    void a_key_centre_is_begun_with_a_key_file_and_a_registry_beside_it() throws Exception {
        Path fresh = Files.createDirectory(directory.resolve("fresh"));
        Path keys = fresh.resolve("centre.p12");
        JsonObject begun = Program.run(
                        "kgc", "init", "--key-file=" + keys, "--passphrase-file=" + directory.resolve("passphrase"))
                .json();
        assertThat(begun.getString("fingerprint")).matches("[0-9a-f]{64}");
        assertThat(begun.getString("database")).isEqualTo("sqlite:" + fresh.resolve("centre.db"));
        for (String file : List.of("centre.p12", "centre.db")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh.resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void what_was_begun_is_not_begun_again_and_leaves_no_second_key_file() {
        Program.Result again = direct("kgc init");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).contains("it is not overwritten");
        Path other = directory.resolve("other.p12");
        Program.Result taken = Program.run(
                "kgc",
                "init",
                "--key-file=" + other,
                "--passphrase-file=" + directory.resolve("passphrase"),
                "--database=sqlite:" + directory.resolve("kgc.db"));
        assertThat(taken.status()).isEqualTo(1);
        assertThat(taken.err()).contains("CONFLICT");
        assertThat(other).doesNotExist();
    }

    @Test
    void a_token_is_in_a_file_of_its_owners_alone_which_is_never_overwritten() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token(Role.ADMIN))))
                .isEqualTo("rw-------");
        Program.Result taken = direct("kgc operator add late ADMIN --out " + token(Role.ADMIN));
        assertThat(taken.status()).isEqualTo(1);
        assertThat(taken.err()).contains("there is a file already: " + token(Role.ADMIN));
        assertThat(direct("kgc operator list").succeeded())
                .extracting(operator -> operator.getString("name"))
                .hasSize(Role.values().length)
                .doesNotContain("late");
    }

    @Test
    void a_provider_is_the_same_over_the_api_and_with_the_key_file() {
        JsonObject made =
                remote(Role.ENROLMENT, "kgc provider create same --quota 7").json();
        String number = made.getLong("number").toString();
        assertThat(made.getInteger("quotaInForce")).isEqualTo(7);
        assertThat(remote(Role.REVOCATION, "kgc provider show " + number).json())
                .isEqualTo(made);
        assertThat(direct("kgc provider show " + number + " --token-file " + token(Role.REVOCATION))
                        .json())
                .isEqualTo(made);
        assertThat(remote(Role.ENROLMENT, "kgc provider quota " + number + " default")
                        .json()
                        .getInteger("quotaInForce"))
                .isEqualTo(10_000);
        assertThat(remote(Role.REVOCATION, "kgc provider list").succeeded())
                .extracting(provider -> provider.getString("name"))
                .contains("same");
    }

    @Test
    void an_enrolment_token_is_printed_or_written_but_not_both() throws Exception {
        String number = remote(Role.ENROLMENT, "kgc provider create newcomer")
                .json()
                .getLong("number")
                .toString();
        JsonObject printed =
                remote(Role.ENROLMENT, "kgc provider token " + number).json();
        assertThat(printed.getString("token")).matches("[0-9a-f]{64}");
        Path file = directory.resolve("newcomer-token");
        JsonObject written = remote(
                        Role.ENROLMENT, "kgc provider token " + number + " --validity-seconds 60 --out " + file)
                .json();
        assertThat(written.fieldNames()).containsExactlyInAnyOrder("provider", "expiresAt", "file");
        assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
        Path nothing = directory.resolve("nothing");
        assertThat(remote(Role.ENROLMENT, "kgc provider token 999 --out " + nothing)
                        .err())
                .contains("NOT_FOUND");
        assertThat(nothing).doesNotExist();
    }

    @Test
    void a_role_that_does_not_allow_it_is_told_so() {
        for (Program.Result refused : List.of(
                remote(Role.TRACE, "kgc provider create a"),
                direct("kgc rotate --activate-after-seconds 9 --token-file " + token(Role.TRACE)))) {
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err()).contains("FORBIDDEN");
        }
    }

    @Test
    void providers_are_revoked_and_pseudonyms_traced_with_a_reason() {
        String number = remote(Role.ENROLMENT, "kgc provider create rogue")
                .json()
                .getLong("number")
                .toString();
        assertThat(remote(Role.REVOCATION, "kgc revoke provider " + number, "--reason", REASON)
                        .json()
                        .getInteger("revoked"))
                .isZero();
        String pseudonym = "00".repeat(16);
        JsonObject traced = remote(Role.TRACE, "kgc trace pseudonym " + pseudonym, "--reason", REASON)
                .json();
        assertThat(traced.getValue("provider")).isNull();
        assertThat(remote(Role.AUDIT, "kgc audit list --limit 1000").succeeded())
                .anyMatch(entry -> entry.getString("details").contains(REASON));
    }

    @Test
    void an_exported_log_verifies_with_a_bulletin_and_not_once_it_is_changed() throws Exception {
        Path bulletin = directory.resolve("bulletin");
        JsonObject unused =
                remote(Role.AUDIT, "kgc audit head --out " + bulletin).json();
        String exported = remote(Role.AUDIT, "kgc audit export").out();
        Path log = Files.writeString(directory.resolve("log"), exported);
        String verify = "kgc audit verify --pin " + fingerprint + " --bulletin " + bulletin + " --log ";
        assertThat(Program.run(line(verify + log)).json().getBoolean("sound")).isTrue();

        Path changed = Files.writeString(directory.resolve("changed"), exported.replace("of-TRACE", "of-GRACE"));
        Program.Result unsound = Program.run(line(verify + changed));
        assertThat(unsound.status()).isEqualTo(1);
        assertThat(unsound.out()).contains("CHANGED").contains("\"sound\":false");
    }

    @Test
    void a_registry_is_backed_up_restored_elsewhere_and_verified() throws Exception {
        Path bulletin = directory.resolve("bulletin-of-backup");
        JsonObject unused =
                remote(Role.AUDIT, "kgc audit head --out " + bulletin).json();
        Path backups = Files.createDirectory(directory.resolve("backups"));
        JsonObject made = direct("kgc backup --directory " + backups + " --token-file " + token(Role.ADMIN))
                .json();
        Path restored = directory.resolve("restored.db");
        String[] elsewhere = {"--database", "sqlite:" + restored};
        JsonObject report = direct("kgc restore " + backups.resolve(made.getString("file")), elsewhere)
                .json();
        assertThat(report.getString("fingerprint")).isEqualTo(fingerprint);
        assertThat(report.getLong("auditEntries")).isEqualTo(made.getLong("auditEntries"));
        JsonObject verified = direct("kgc audit verify --pin " + fingerprint + " --bulletin " + bulletin, elsewhere)
                .json();
        assertThat(verified.getLong("found")).isZero();
        Program.Result twice = direct("kgc restore " + backups.resolve(made.getString("file")), elsewhere);
        assertThat(twice.status()).isEqualTo(1);
        assertThat(twice.err()).contains("restore into an empty one");
        assertThat(remote(Role.ADMIN, "kgc backup").err()).contains("CONFLICT");
    }

    @Test
    void keys_are_rotated_and_listed() {
        JsonObject made =
                remote(Role.ADMIN, "kgc rotate --activate-after-seconds 86400").json();
        assertThat(remote(Role.TRACE, "kgc epochs").succeeded()).hasSize(2).contains(made);
        assertThat(remote(Role.ADMIN, "kgc rotate --activate-after-seconds 86400")
                        .err())
                .contains("CONFLICT");
        assertThat(remote(Role.TRACE, "kgc status").json().getString("fingerprint"))
                .isEqualTo(fingerprint);
    }

    @Test
    void a_certificate_that_the_client_was_not_told_to_trust_gets_no_token() {
        Program.Result result = Program.run("kgc", "status", "--api=" + api.uri(), "--token-file=" + token(Role.TRACE));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("UNAVAILABLE", "PKIX");
        Program.Result nonsense = Program.run(
                "kgc",
                "status",
                "--api=" + api.uri(),
                "--token-file=" + token(Role.TRACE),
                "--ca=" + directory.resolve("passphrase"));
        assertThat(nonsense.err()).contains("there is no PEM certificate in");
    }

    @Test
    void a_removed_operators_token_is_good_for_nothing() {
        JsonObject added = direct("kgc operator add short AUDIT --out " + directory.resolve("short"))
                .json();
        assertThat(added.getString("role")).isEqualTo("AUDIT");
        assertThat(direct("kgc operator remove short").json().getString("removed"))
                .isEqualTo("short");
        Program.Result refused = remote(directory.resolve("short"), "kgc status");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("UNAUTHENTICATED");
    }

    private static Path token(Role role) {
        return directory.resolve("token-" + role);
    }

    private static Program.Result direct(String command, String... more) {
        String[] centreOptions = {
            "--key-file", directory.resolve("kgc.p12").toString(),
            "--passphrase-file", directory.resolve("passphrase").toString()
        };
        return Program.run(line(command, centreOptions, more));
    }

    private static Program.Result remote(Role role, String command, String... more) {
        return remote(token(role), command, more);
    }

    private static Program.Result remote(Path token, String command, String... more) {
        String[] access = {
            "--api", api.uri().toString(), "--ca", tls.certificate().toString(), "--token-file", token.toString()
        };
        return Program.run(line(command, access, more));
    }

    private static String[] line(String command, String[]... more) {
        List<String> line = new ArrayList<>(List.of(command.split(" ", -1)));
        for (String[] each : more) {
            line.addAll(List.of(each));
        }
        return line.toArray(String[]::new);
    }
}
