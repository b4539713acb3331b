package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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

    /** What a command line came to. */
    private record Result(int status, String out, String err) {}

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
        Result result = run("--help");
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("demo", "migrate", "kgc", "provider");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_commands_help_names_every_option_and_subcommand(CommandSpec command) {
        Result result = run(with(command, "--help"));
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
        Result result = run(with(command, UNKNOWN));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        boolean missesMoreThanThat =
                !command.requiredArgs().isEmpty() || !command.argGroups().isEmpty();
        assertThat(result.err()).contains(missesMoreThanThat ? "Missing required" : UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "kgc", "provider"})
    void a_command_without_its_subcommand_is_refused(String command) {
        Result result = command.isEmpty() ? run() : run(command);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("Missing required subcommand");
    }

    @Test
    void the_version_is_told() {
        Result result = run("--version");
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("ferrymesh", "scheme version 1", "Java " + Runtime.version());
    }

    @Test
    void a_demo_from_nowhere_is_refused() {
        Path nowhere = directory.resolve("nowhere");
        Result result = demo(nowhere, directory.resolve("to"));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("--from must be a directory: " + nowhere);
    }

    @Test
    void a_demo_from_a_file_is_refused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        Result result = demo(file, directory.resolve("to"));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("--from must be a directory: " + file);
    }

    @Test
    void a_demo_onto_itself_is_refused_however_it_is_written() throws IOException {
        Path same = Files.createDirectory(directory.resolve("same"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), same);
        for (Path to : List.of(same, link, directory.resolve("same/../same"))) {
            Result result = demo(same, to);
            assertThat(result.status()).as("to %s", to).isEqualTo(2);
            assertThat(result.err()).contains("--from and --to must not lie in one another");
        }
    }

    @Test
    void a_demo_into_its_own_source_or_out_of_its_own_destination_is_refused() throws IOException {
        Path outer = Files.createDirectory(directory.resolve("outer"));
        Path inner = Files.createDirectory(outer.resolve("inner"));
        for (Result result : List.of(demo(outer, inner), demo(inner, outer))) {
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err()).contains("--from and --to must not lie in one another");
        }
    }

    @Test
    void a_demo_onto_a_file_is_refused() throws IOException {
        Path from = Files.createDirectory(directory.resolve("from"));
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        Result result = demo(from, file);
        assertThat(result.status()).isNotZero();
        assertThat(result.err()).contains(file.toString()).doesNotContain("\tat ");
    }

    @Test
    void secrets_go_to_providers_on_loopback_or_behind_tls_only() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "a-token\n");
        for (String source : List.of(
                "ftp://127.0.0.1/", "127.0.0.1", "http:///v1", "http://192.0.2.1:80", "http://127.0.0.1.nip.io")) {
            Result result = run(
                    "migrate",
                    "--source=" + source,
                    "--source-token-file=" + token,
                    "--destination=http://127.0.0.1:1",
                    "--destination-token-file=" + token);
            assertThat(result.status()).as(source).isEqualTo(2);
            assertThat(result.err()).contains("must be an https URL", source);
        }
    }

    private Result demo(Path from, Path to) {
        return run("demo", "--work", directory.resolve("work").toString(), "--from", from.toString(), "--to", "" + to);
    }

    private static String[] with(CommandSpec command, String argument) {
        List<String> line =
                new ArrayList<>(Arrays.asList(command.qualifiedName(" ").split(" ", -1)));
        line.add(argument);
        return line.toArray(String[]::new);
    }

    private static Result run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream toOut = new ByteArrayOutputStream();
        ByteArrayOutputStream toErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(toOut, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(toErr, true, StandardCharsets.UTF_8));
        try {
            int status = Ferrymesh.run(arguments);
            return new Result(status, toOut.toString(StandardCharsets.UTF_8), toErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
