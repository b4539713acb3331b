package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** Command lines that end before any node starts. */
class CommandLineTest {

    private static final String UNKNOWN = "--no-such-option";

    @TempDir
    private Path directory;

    /** Every command and subcommand there is. */
    static Stream<CommandSpec> commands() {
        return Stream.of(Ferrymesh.class.getAnnotation(Command.class).subcommands())
                .map(CommandLine::new)
                .flatMap(CommandLineTest::withSubcommands)
                .map(CommandLine::getCommandSpec);
    }

    private static Stream<CommandLine> withSubcommands(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getSubcommands().values().stream().flatMap(CommandLineTest::withSubcommands));
    }

    @Test
    void the_programs_help_names_every_command() {
        Program.Result result = Program.run("--help");
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("demo", "account", "object", "migrate", "kgc", "provider");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_commands_help_names_every_option_and_subcommand(CommandSpec command) {
        Program.Result result = Program.run(with(command, "--help"));
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(command.options()).isNotEmpty();
        assertThat(command.options())
                .allSatisfy(option -> assertThat(result.out()).contains(option.names()));
        assertThat(command.subcommands().keySet())
                .allSatisfy(name -> assertThat(result.out()).contains(name));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void an_unknown_option_is_named_and_refused(CommandSpec command) {
        Program.Result result = Program.run(with(command, UNKNOWN));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        boolean missesMoreThanThat =
                !command.requiredArgs().isEmpty() || !command.argGroups().isEmpty();
        assertThat(result.err()).contains(missesMoreThanThat ? "Missing required" : UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "account",
                "object",
                "kgc",
                "provider",
                "provider account",
                "kgc operator",
                "kgc provider",
                "kgc revoke",
                "kgc trace",
                "kgc audit"
            })
    void a_command_without_its_subcommand_is_refused(String command) {
        Program.Result result = command.isEmpty() ? Program.run() : Program.run(command.split(" ", -1));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("Missing required subcommand");
    }

    @Test
    void the_version_is_told() {
        Program.Result result = Program.run("--version");
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("ferrymesh", "scheme version 1", "Java " + Runtime.version());
    }

    @Test
    void a_demo_from_nowhere_is_refused() {
        Path nowhere = directory.resolve("nowhere");
        Program.Result result = demo(nowhere, directory.resolve("to"));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("--from must be a directory: " + nowhere);
    }

    @Test
    void a_demo_from_a_file_is_refused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        Program.Result result = demo(file, directory.resolve("to"));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("--from must be a directory: " + file);
    }

    @Test
    void a_demo_onto_itself_is_refused_however_it_is_written() throws IOException {
        Path same = Files.createDirectory(directory.resolve("same"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), same);
        for (Path to : List.of(same, link, directory.resolve("same/../same"))) {
            Program.Result result = demo(same, to);
            assertThat(result.status()).as("to %s", to).isEqualTo(2);
            assertThat(result.err()).contains("--from and --to must not lie in one another");
        }
    }

    @Test
    void a_demo_into_its_own_source_or_out_of_its_own_destination_is_refused() throws IOException {
        Path outer = Files.createDirectory(directory.resolve("outer"));
        Path inner = Files.createDirectory(outer.resolve("inner"));
        for (Program.Result result : List.of(demo(outer, inner), demo(inner, outer))) {
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err()).contains("--from and --to must not lie in one another");
        }
    }

    @Test
    void a_demo_onto_a_file_is_refused() throws IOException {
        Path from = Files.createDirectory(directory.resolve("from"));
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        Program.Result result = demo(from, file);
        assertThat(result.status()).isNotZero();
        assertThat(result.err()).contains(file.toString()).doesNotContain("\tat ");
    }

    @Test
    void passwords_go_to_providers_on_loopback_or_behind_tls_only() throws IOException {
        Path password = Files.writeString(directory.resolve("password"), "a password\n");
        for (String provider : List.of(
                "ftp://127.0.0.1/", "127.0.0.1", "http:///v1", "http://192.0.2.1:80", "http://127.0.0.1.nip.io")) {
            Program.Result result =
                    Program.run("account", "login", "alex", "--provider=" + provider, "--password-file=" + password);
            assertThat(result.status()).as(provider).isEqualTo(2);
            assertThat(result.err()).contains("must be an https URL", provider);
        }
    }

    @Test
    void who_is_not_logged_in_is_told_how() {
        Path nowhere = directory.resolve("nowhere");
        Program.Result result = Program.run("object", "list", "--session-file=" + nowhere);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("there is no session " + nowhere, "ferrymesh account login");
        Program.Result neither = Program.run("object", "list");
        assertThat(neither.status()).isEqualTo(2);
        assertThat(neither.err()).contains("one of --provider and --session-file must be given");
    }

    @Test
    void everything_that_is_wrong_with_a_configuration_is_told_at_once() throws IOException {
        Path file = Files.writeString(directory.resolve("provider.yaml"), "http: {prot: 1}\nstore: {type: floppy}\n");
        Program.Result result = Program.run("provider", "config", "--config", "" + file);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains(
                        "ferrymesh: there is no key http.prot (" + file + ":1); did you mean http.port?\n",
                        "ferrymesh: store.type must be directory, s3, webdav: floppy (" + file + ":2)\n",
                        "ferrymesh: database.url must be set");
    }

    private Program.Result demo(Path from, Path to) {
        return Program.run(
                "demo", "--work", directory.resolve("work").toString(), "--from", from.toString(), "--to", "" + to);
    }

    private static String[] with(CommandSpec command, String argument) {
        List<String> line =
                new ArrayList<>(Arrays.asList(command.qualifiedName(" ").split(" ", -1)));
        line.add(argument);
        return line.toArray(String[]::new);
    }
}
