package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.it.Program.Result;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.SignedReceipt;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** An operator's and a user's way: every node started by its command, the migration by {@code ferrymesh migrate}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class MigrateIT {

    private static final String PASSPHRASE = "a passphrase nobody guesses 4711";

    private Path directory;
    private Path from;
    private Path to;
    private Nodes nodes;
    private String fingerprint;
    private Nodes.Node source;
    private Nodes.Node destination;
    private Nodes.Centre centre;
    private Path keyFile;
    private Path passphrase;
    private Path sourceEnrolment;
    private Path destinationEnrolment;
    private Path password;
    private Nodes.Provider oldCloud;
    private Path sourceUser;
    private Path destinationUser;
    private final List<String> secrets = new ArrayList<>(List.of(PASSPHRASE));

    @BeforeAll
    void startAsAnOperatorWould(@TempDir Path made) throws Exception {
        directory = made;
        nodes = new Nodes(Files.createDirectory(directory.resolve("nodes")));
        from = Files.createDirectory(directory.resolve("from"));
        to = Files.createDirectory(directory.resolve("to"));
        for (String file : List.of("photos/1", "photos/2/3", "photos", "photos.txt", "notes/1")) {
            Path where = file.equals("photos") ? from.resolve("photos/0") : from.resolve(file);
            Trees.file(where, 100_000 + file.length());
        }
        keyFile = directory.resolve("kgc.p12");
        passphrase = Files.writeString(directory.resolve("passphrase"), PASSPHRASE + "\n");
        centre = new Nodes.Centre(keyFile, passphrase, directory.resolve("operator"));
        Result init = program().run(centre.command("init"));
        fingerprint = new JsonObject(init.exits(0).out()).getString("fingerprint");
        Result added = program()
                .run(centre.command("operator", "add", "erin", "ENROLMENT", "--out", "" + centre.operatorToken()));
        assertThat(added.exits(0).out()).contains("erin", "ENROLMENT");
        secrets.add(Files.readString(centre.operatorToken()).strip());
        sourceEnrolment = token("old-cloud");
        destinationEnrolment = token("new-cloud");
        assertThat(nodes.startKeyCentre(centre)).isEqualTo(fingerprint);
        oldCloud = nodes.makeProvider("old-cloud", fingerprint, sourceEnrolment, from);
        Nodes.Provider newCloud = nodes.makeProvider("new-cloud", fingerprint, destinationEnrolment, to);
        secrets.add(Files.readString(nodes.directory.resolve("old-cloud-passphrase"))
                .strip());
        source = nodes.startProvider(oldCloud);
        destination = nodes.startProvider(newCloud);
        password = Files.writeString(directory.resolve("password"), User.PASSWORD + "\n");
        secrets.add(User.PASSWORD);
        sourceUser = registered("source-session", source);
        destinationUser = registered("destination-session", destination);
    }

    @AfterAll
    void stop() {
        nodes.close();
    }

    @Test
    @Order(1)
    void only_what_is_under_the_prefix_moves_and_the_receipt_says_so() throws Exception {
        Path receipt = directory.resolve("receipt");
        Result result = migrate(destinationUser, "--prefix", "photos/", "--receipt", "" + receipt)
                .exits(0);
        assertThat(result.out()).contains("Everything arrived and was verified at both ends.");
        assertThat(result.row("Receipt")).startsWith(receipt.toString());
        SignedReceipt signed = SignedReceipt.decode(Files.readAllBytes(receipt));
        assertThat(signed.receipt().objects()).isEqualTo(3);
        assertThat(result.row("Merkle root")).isEqualTo(signed.receipt().root().hex());
        Trees.assertSame(from.resolve("photos"), to.resolve("photos"));
        assertThat(Trees.members(to)).hasSize(3);
    }

    @Test
    @Order(2)
    void the_rest_moves_without_a_prefix_and_what_is_there_is_not_moved_again() throws Exception {
        Result result = migrate(destinationUser).exits(0);
        assertThat(result.row("Objects")).isEqualTo("2 moved, 3 already there, 0 failed, 0 skipped");
        assertThat(result.out()).doesNotContain("Receipt");
        Trees.assertSame(from, to);
    }

    @Test
    @Order(3)
    void a_prefix_that_no_path_has_moves_nothing() throws Exception {
        Result result = migrate(destinationUser, "--prefix", "phot0").exits(0);
        assertThat(result.row("Objects")).isEqualTo("0 moved, 0 already there, 0 failed, 0 skipped");
    }

    @Test
    @Order(4)
    void a_grant_is_taken_from_one_provider_to_the_other_in_a_file_and_may_be_used_again() throws Exception {
        Path grant = directory.resolve("grant");
        String[] give = {
            "grant", "--source", "" + source.api(), "--source-session", "" + sourceUser, "--grant-file", "" + grant
        };
        String[] fetch = {"fetch", "--destination-session", "" + destinationUser, "--grant-file", "" + grant};
        assertThat(program().run(give).exits(0).out()).contains("waits for the new one");
        secrets.add(new JsonObject(Files.readString(grant)).getString("psk"));
        assertThat(Files.getPosixFilePermissions(grant))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        Result first = program().run(fetch).exits(0);
        assertThat(first.row("Objects")).isEqualTo("0 moved, 5 already there, 0 failed, 0 skipped");
        Result again = program().run(fetch).exits(0);
        assertThat(again.row("Merkle root")).isEqualTo(first.row("Merkle root"));
        Files.writeString(grant, "{\"migrationId\": 7}");
        assertThat(program().run(fetch).exits(1).err()).contains("not a grant", "" + grant);
    }

    @Test
    @Order(5)
    void objects_come_and_go_at_the_command_line() throws Exception {
        Path file = Files.writeString(directory.resolve("a note"), "hello");
        String[] at = {"--session-file", "" + sourceUser};
        JsonObject put = object("put", "" + file, "notes/größer than 1.txt", at[0], at[1]);
        assertThat(put.getBoolean("new")).isTrue();
        assertThat(object("list", "--prefix", "notes/g", at[0], at[1]).getLong("size"))
                .isEqualTo(5);
        Path back = directory.resolve("back");
        Result got = program().run("object", "get", "notes/größer than 1.txt", "" + back, at[0], at[1]);
        assertThat(got.exits(0).out()).isEmpty();
        assertThat(back).hasContent("hello");
        assertThat(Files.getLastModifiedTime(back)).isEqualTo(Files.getLastModifiedTime(file));
        Result deleted = program().run("object", "delete", "notes/größer than 1.txt", at[0], at[1]);
        assertThat(deleted.exits(0).out()).isEmpty();
        Result gone = program().run("object", "get", "notes/größer than 1.txt", at[0], at[1]);
        assertThat(gone.exits(1).err()).contains("404", "NOT_FOUND");
    }

    @Test
    @Order(6)
    void who_has_no_session_or_a_wrong_password_is_told_without_the_password() throws Exception {
        String guess = "another guess at it 0815";
        secrets.add(guess);
        Path wrong = Files.writeString(directory.resolve("wrong-password"), guess + "\n");
        Path session = directory.resolve("no-session");
        Result refused = program().run(account("login", source, wrong, session)).exits(1);
        assertThat(refused.err())
                .contains("/v1/sessions", "401", "UNAUTHENTICATED")
                .doesNotContain("\tat ");
        assertThat(migrate(session).exits(1).err()).contains("there is no session", session.toString());
    }

    @Test
    @Order(7)
    void a_provider_does_not_start_before_another_key_centre() throws Exception {
        Nodes.Provider astray = nodes.makeProvider("astray", Digest.sha256().hex(), token("astray"), from);
        Result result = quietMember().run(astray.run()).exits(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).containsPattern("(?m)^ferrymesh: .*(fingerprint|key cent)");
        Nodes.Provider malformed =
                nodes.writeProvider("malformed", "abc", astray.enrolment(), nodes.inFiles("malformed", from));
        assertThat(quietMember().run(malformed.run()).exits(1).err())
                .contains("kgc.fingerprint must be 64 lower-case hex digits: abc");
    }

    @Test
    @Order(7)
    void a_used_enrolment_token_starts_no_second_provider() throws Exception {
        Nodes.Provider second = nodes.makeProvider("second", fingerprint, sourceEnrolment, from);
        Result result = quietMember().run(second.run()).exits(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).containsPattern("(?m)^ferrymesh: .*(NOT_ENROLLED|token|enrol)");
    }

    @Test
    @Order(7)
    void an_operator_sees_accounts_and_what_is_configured() throws Exception {
        String config = oldCloud.config().toString();
        Result effective =
                program().run("provider", "config", "--config", config).exits(0);
        assertThat(effective.out()).contains("max: 1  # " + config + ":", "workers: 32  # default");
        Result accounts =
                program().run("provider", "account", "list", "--config", config).exits(0);
        assertThat(new JsonObject(accounts.out()).getString("name")).isEqualTo(User.NAME);
        Result again = program().run("provider", "init", "--config", config).exits(1);
        assertThat(again.err()).contains("old-cloud.p12");
    }

    @Test
    @Order(8)
    void the_key_file_is_not_overwritten_and_opens_with_its_passphrase_only() throws Exception {
        byte[] before = Files.readAllBytes(keyFile);
        Result again = program()
                .run("kgc", "init", "--key-file", "" + keyFile, "--passphrase-file", "" + passphrase)
                .exits(1);
        assertThat(again.err()).contains(keyFile.toString(), "not overwritten");
        assertThat(keyFile).hasBinaryContent(before);
        String guess = "another passphrase 0815";
        secrets.add(guess);
        Path wrong = Files.writeString(directory.resolve("wrong-passphrase"), guess + "\n");
        Result run = quietMember()
                .run("kgc", "run", "--key-file", "" + keyFile, "--passphrase-file", "" + wrong)
                .exits(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).containsPattern("(?m)^ferrymesh: .*passphrase");
        Result fromEnvironment = program()
                .with("FERRYMESH_KGC_PASSPHRASE", "short")
                .run("kgc", "init", "--key-file", "" + directory.resolve("other.p12"))
                .exits(1);
        assertThat(fromEnvironment.err()).contains("12").doesNotContain("short\n");
        assertThat(directory.resolve("other.p12")).doesNotExist();
    }

    /** Last: everything that was ever said is looked through. The nodes log at DEBUG. */
    @Test
    @Order(9)
    void no_secret_is_ever_said() throws Exception {
        migrateWithAKeyThatIsKnown();
        source.stop();
        destination.stop();
        List<Path> said = new ArrayList<>();
        for (Path where : List.of(directory, nodes.directory)) {
            try (Stream<Path> files = Files.list(where)) {
                files.filter(file -> file.toString().matches(".*\\.(log|out)")).forEach(said::add);
            }
        }
        assertThat(said).hasSizeGreaterThan(15);
        String everything = "";
        for (Path file : said) {
            everything += Files.readString(file, StandardCharsets.ISO_8859_1);
        }
        assertThat(everything).contains("DEBUG", "migration ", "completed");
        assertThat(secrets).hasSizeGreaterThan(6);
        for (String secret : secrets) {
            assertThat(everything).doesNotContain(secret);
        }
        assertThat(everything)
                .doesNotContainPattern("(?i)psk\"? ?[:=] ?\"?[0-9a-f]{32}")
                .doesNotContainPattern("Bearer [0-9a-f]{48}");
    }

    private void migrateWithAKeyThatIsKnown() throws Exception {
        User joining = User.login(destination);
        JsonObject grant = User.freshGrant();
        secrets.add(grant.getString("psk"));
        User leaving = User.login(source);
        leaving.allow(grant);
        secrets.add(leaving.token());
        secrets.add(joining.token());
        joining.fetch(grant);
        assertThat(joining.awaitMigration(grant).getString("state")).isEqualTo("COMPLETED");
    }

    private Result migrate(Path destinationSession, String... more) throws IOException, InterruptedException {
        String[] arguments = Stream.concat(
                        Stream.of(
                                "migrate",
                                "--source-session",
                                sourceUser.toString(),
                                "--destination-session",
                                destinationSession.toString()),
                        Stream.of(more))
                .toArray(String[]::new);
        return program().run(arguments);
    }

    private JsonObject object(String... words) throws IOException, InterruptedException {
        String[] line = Stream.concat(Stream.of("object"), Stream.of(words)).toArray(String[]::new);
        return new JsonObject(program().run(line).exits(0).out());
    }

    /** A user who registers at the command line; the file with the session, whose tokens are secrets. */
    private Path registered(String name, Nodes.Node provider) throws IOException, InterruptedException {
        Path session = directory.resolve(name);
        Result result =
                program().run(account("register", provider, password, session)).exits(0);
        assertThat(new JsonObject(result.out()).getString("name")).isEqualTo(User.NAME);
        assertThat(Files.getPosixFilePermissions(session))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        JsonObject kept = new JsonObject(Files.readString(session));
        secrets.add(kept.getString("accessToken"));
        secrets.add(kept.getString("refreshToken"));
        return session;
    }

    private static String[] account(String what, Nodes.Node provider, Path password, Path session) {
        return new String[] {
            "account",
            what,
            User.NAME,
            "--provider",
            provider.api().toString(),
            "--password-file",
            password.toString(),
            "--session-file",
            session.toString()
        };
    }

    /** What {@code kgc provider token} prints goes to the provider: the token is shown this once. */
    private Path token(String provider) throws IOException, InterruptedException {
        String created = program()
                .run(centre.operation("provider", "create", provider))
                .exits(0)
                .out();
        String number = new JsonObject(created).getValue("number").toString();
        String printed = Program.in(Files.createDirectories(directory.resolve("secret")))
                .jvm(QuickStart.options())
                .run(centre.operation("provider", "token", number))
                .exits(0)
                .out();
        String token = new JsonObject(printed).getString("token");
        assertThat(token).matches("[0-9a-f]{64}");
        secrets.add(token);
        return Files.writeString(directory.resolve(provider + "-enrolment"), token + "\n");
    }

    /** For a node that is not to start: what it says at the end is what counts. */
    private Program quietMember() {
        return nodes.member().with("FERRYMESH_LOG_LEVEL", "WARN");
    }

    private Program program() {
        return Program.in(directory).jvm(QuickStart.options()).with("FERRYMESH_LOG_LEVEL", "DEBUG");
    }
}
