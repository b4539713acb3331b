package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program as it is shipped: {@code java -jar ferrymesh.jar} in a process of its own. Immutable; {@link #with} and the
 * like give another one.
 */
final class Program {

    private static final long GENEROUS_S = 240;

    private final Path logs;
    private final Path jar;
    private final List<String> prefix;
    private final List<String> jvm;
    private final Map<String, String> environment;

    /** What became of a run. Output is read as UTF-8. */
    record Result(int status, String out, String err) {

        /** The value behind a name in the summary. */
        String row(String name) {
            Matcher row = Pattern.compile("^  " + Pattern.quote(name) + " +(\\S.*)$", Pattern.MULTILINE)
                    .matcher(out);
            assertThat(row.find()).as("a row %s in:%n%s%n%s", name, out, err).isTrue();
            return row.group(1);
        }

        Result exits(int expected) {
            assertThat(status).as("exit status; it said:%n%s%n%s", out, err).isEqualTo(expected);
            return this;
        }
    }

    private Program(Path logs, Path jar, List<String> prefix, List<String> jvm, Map<String, String> environment) {
        this.logs = logs;
        this.jar = jar;
        this.prefix = List.copyOf(prefix);
        this.jvm = List.copyOf(jvm);
        this.environment = Map.copyOf(environment);
    }

    /** The packaged program, without any option to the JVM. Its output goes to files in {@code logs}. */
    static Program in(Path logs) {
        return new Program(logs, jar(), List.of(), List.of(), Map.of());
    }

    /** Where the build put the program. */
    static Path jar() {
        Path jar = Path.of(System.getProperty("ferrymesh.jar", ""))
                .toAbsolutePath()
                .normalize();
        assertThat(jar).as("ferrymesh.jar, which the build of cli makes").isRegularFile();
        return jar;
    }

    Program with(String variable, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(variable, value);
        return new Program(logs, jar, prefix, jvm, more);
    }

    Program jvm(List<String> options) {
        return new Program(logs, jar, prefix, options, environment);
    }

    /** Another copy of the jar. */
    Program jar(Path other) {
        return new Program(logs, other, prefix, jvm, environment);
    }

    /** Started by another program that is given the command. */
    Program through(List<String> starter) {
        return new Program(logs, jar, starter, jvm, environment);
    }

    /** Runs to the end. */
    Result run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(logs, "out", ".log");
        Path err = Files.createTempFile(logs, "err", ".log");
        Process process = builder(arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(GENEROUS_S, TimeUnit.SECONDS);
            String said = text(out);
            assertThat(ended).as("ended; it said:%n%s%n%s", said, text(err)).isTrue();
            return new Result(process.exitValue(), said, text(err));
        } finally {
            kill(process);
        }
    }

    /** Starts it and lets it run; standard output is the caller's to read, standard error goes to {@code log}. */
    Process start(Path log, String... arguments) throws IOException {
        return builder(arguments).redirectError(log.toFile()).start();
    }

    /** Ends it and what it started. */
    static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(key -> key.startsWith("FERRYMESH_"));
        builder.environment().putAll(environment);
        return builder;
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
