package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.kgc.KgcOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Command lines of the key centre that make no sense: status 2, what is wrong, and nothing done. */
class KgcCommandLineTest {

    private static final String RIGHT_TOKEN = "11".repeat(32);

    /** Nobody listens there. */
    private static final String API = "http://127.0.0.1:1";

    @TempDir
    private Path directory;

    private Path token;

    @BeforeEach
    void write() throws IOException {
        token = Files.writeString(directory.resolve("token"), RIGHT_TOKEN + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kgc provider create a/b | must be 1 to 64 of A-Z, a-z, 0-9, dot, hyphen and underscore: a/b",
                "kgc provider create a --quota=-1 | must be a number of certificates from 0 to 1000000, or default: -1",
                "kgc provider create a --quota=many | or default: many",
                "kgc provider show 0 | must be a provider's number, from 1: 0",
                "kgc provider show one | must be a provider's number, from 1: one",
                "kgc provider quota 1 1000001 | from 0 to 1000000, or default: 1000001",
                "kgc provider quota 1 | Missing required parameter: 'QUOTA'",
                "kgc provider token -1 | must be a provider's number, from 1: -1",
                "kgc provider token 1 --validity-seconds=0 | must be from 1 to 31622400 seconds: 0",
                "kgc revoke pseudonym 00 --reason=ten-letters | must be 32 hex digits: 00",
                "kgc revoke provider 1 --reason=short | must be 10 to 500 characters on one line, for who reads",
                "kgc revoke provider 1 | Missing required option: '--reason=TEXT'",
                "kgc trace pseudonym xyz --reason=ten-letters | must be 32 hex digits: xyz",
                "kgc trace pseudonym 00000000000000000000000000000000 --reason=short | must be 10 to 500 characters",
                "kgc trace receipt no-such-file --reason=ten-letters | FILE cannot be read: no-such-file",
                "kgc rotate --activate-after-seconds=-1 | must be from 0 to 31622400 seconds: -1",
                "kgc rotate | Missing required option: '--activate-after-seconds=N'",
                "kgc audit list --limit=1001 | must be from 1 to 1000: 1001",
                "kgc audit list --after=-1 | must be an integer from 0: -1",
                "kgc audit export --after=x | must be an integer from 0: x",
                "kgc audit certificate 0102 | must be a certificate, 126 hex digits: 0102",
                "kgc backup --directory=. | --directory is for --key-file; over the API backups go where kgc run",
            })
    void what_an_operator_asks_for_is_checked_before_anything_is_sent(String line, String complaint) {
        requireRefused(with(line, "--api", API, "--token-file", "" + token), complaint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kgc status",
                "kgc epochs",
                "kgc rotate --activate-after-seconds=1",
                "kgc provider create a",
                "kgc provider list",
                "kgc provider show 1",
                "kgc provider quota 1 default",
                "kgc provider token 1",
                "kgc revoke pseudonym 00000000000000000000000000000000 --reason=ten-letters",
                "kgc revoke provider 1 --reason=ten-letters",
                "kgc trace pseudonym 00000000000000000000000000000000 --reason=ten-letters",
                "kgc audit list",
                "kgc audit export",
                "kgc audit head",
                "kgc backup",
            })
    void every_operators_command_says_what_it_lacks_or_has_too_much_to_reach_a_key_centre(String line)
            throws IOException {
        String[] api = {"--api", API, "--token-file", "" + token};
        requireRefused(with(line), "Missing required");
        requireRefused(with(line, "--api", API), "Missing required option: '--token-file=FILE'");
        requireRefused(with(line, "--token-file", "" + token), "Missing required argument");
        requireRefused(with(line, "--database", "sqlite:x", "--token-file", "" + token), "--key-file");
        requireRefused(with(with(line, api), "--key-file", "kgc.p12"), "mutually exclusive");
        Path garbage = Files.writeString(directory.resolve("garbage"), "a-token");
        requireRefused(
                with(line, "--api", API, "--token-file", "" + garbage), "--token-file", "must hold 64 lower-case hex");
        requireRefused(with(line, "--api", API, "--token-file", "nowhere"), "--token-file", "cannot be read");
        for (String elsewhere : List.of("http://192.0.2.1:8090", "ftp://127.0.0.1", "127.0.0.1:8090")) {
            requireRefused(with(line, "--api", elsewhere, "--token-file", "" + token), elsewhere);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kgc status", "kgc provider list", "kgc audit export"})
    void a_key_centre_that_does_not_answer_is_no_mistake_of_the_command_line(String line) {
        Program.Result result = Program.run(with(line, "--api", API, "--token-file", "" + token));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("UNAVAILABLE", API, "does not answer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--validity-step-seconds=0 | validityStepSeconds must be from 1 to 86400: 0",
                "--validity-step-seconds=x | Invalid value for option '--validity-step-seconds'",
                "--max-validity-seconds=60 | maxValiditySeconds must be from 3600 to 31622400: 60",
                "--certificates-per-epoch=500000 | certificatesPerEpoch must be at most 166666",
                "--epoch-seconds=0 | epochSeconds must be from 1 to 31622400: 0",
                "--token-validity-seconds=0 | tokenValiditySeconds must be from 1 to 31622400: 0",
                "--max-providers=0 | maxProviders must be from 1 to 1000000: 0",
                "--announcement-validity-seconds=1 | announcementValiditySeconds must be from 2 to 86400: 1",
                "--resign-ms=9 | resignMs must be from 10 to 30000: 9",
                "--max-concurrent-requests=0 | maxConcurrentRequests must be from 1 to 10000: 0",
                "--max-requests-per-sender=257 | maxRequestsPerSender must be from 1 to 256: 257",
                "--rate-per-provider=0 | ratePerProvider must be from 1 to 100000: 0",
                "--burst-per-provider=0 | burstPerProvider must be from 1 to 1000000: 0",
                "--enrolments-per-second=0 | enrolmentsPerSecond must be from 1 to 100000: 0",
                "--api-host=0.0.0.0 | --api-host must be 127.0.0.1 or ::1 where there is no --api-certificate",
                "--api-port=65536 | --api-port must be from 0 to 65535: 65536",
                "--api-key=key.pem | --api-certificate and --api-key must be given together",
                "--api-certificate=c.pem | --api-certificate and --api-key must be given together",
                "--backup-directory=nowhere | --backup-directory must be a directory: nowhere",
                "--database=mysql://a/b | --database: a database is sqlite:/path/to/file or postgresql://",
                "--database=sqlite: | --database: a database is",
                "--database-password-file=nowhere | --database-password-file: nowhere cannot be read",
                "--database-user=kgc | --database: a database is",
            })
    void a_node_is_not_started_with_values_that_cannot_be(String option, String complaint) {
        requireRefused(with("kgc run --key-file=kgc.p12 " + option), complaint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kgc init | Missing required option: '--key-file=FILE'",
                "kgc run | Missing required option: '--key-file=FILE'",
                "kgc restore backup.gz | Missing required option: '--key-file=FILE'",
                "kgc restore --key-file=kgc.p12 | Missing required parameter: 'FILE'",
                "kgc restore nowhere --key-file=kgc.p12 | FILE must be a backup: nowhere",
                "kgc init --key-file=kgc.p12 --database=oracle:x | --database: a database is sqlite:",
                "kgc operator add a/b ADMIN --key-file=kgc.p12 | must be 1 to 64 of A-Z",
                "kgc operator add erin ROOT --key-file=kgc.p12 | one of ENROLMENT, REVOCATION, TRACE, AUDIT, ADMIN: ROOT",
                "kgc operator add erin --key-file=kgc.p12 | Missing required parameter: 'ROLE'",
                "kgc operator remove --key-file=kgc.p12 | Missing required parameter: 'NAME'",
                "kgc operator list | Missing required option: '--key-file=FILE'",
                "kgc operator list --key-file=kgc.p12 --api=http://127.0.0.1:1 | Unknown option",
                "kgc audit verify --log=x | Missing required option: '--pin=HEX'",
                "kgc audit verify --pin=00 --log=x | must be 64 hex digits: 00",
                "kgc audit verify --pin=PIN | --log, --database or --key-file must be given",
                "kgc audit verify --pin=PIN --log=x --database=sqlite:y | --log is verified by itself",
                "kgc audit verify --pin=PIN --log=nowhere | --log must be an exported log: nowhere",
                "kgc audit verify --pin=PIN --log=x --bulletin=nowhere | --bulletin cannot be read: nowhere",
            })
    void what_is_done_with_the_key_file_is_checked_first(String line, String complaint) {
        requireRefused(with(line.replace("PIN", "ab".repeat(32))), complaint);
    }

    @Test
    void without_its_options_a_node_has_the_defaults() {
        Settings settings = new Settings();
        CommandLine unused = new CommandLine(settings);
        unused.parseArgs();
        assertThat(settings.settings.options(settings.spec)).isEqualTo(KgcOptions.defaults());
    }

    /** The options alone. */
    @Command
    private static final class Settings {

        @Spec
        private CommandSpec spec;

        @Mixin
        private KgcSettings settings = new KgcSettings();
    }

    private static void requireRefused(String[] line, String... complaints) {
        Program.Result result = Program.run(line);
        assertThat(result.status())
                .as(String.join(" ", line) + ": " + result.err())
                .isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(complaints).doesNotContain("\tat ");
    }

    private static String[] with(String line, String... more) {
        return with(line.split(" ", -1), more);
    }

    private static String[] with(String[] line, String... more) {
        List<String> all = new ArrayList<>(List.of(line));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
