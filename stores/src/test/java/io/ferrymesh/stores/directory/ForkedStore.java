package io.ferrymesh.stores.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.stores.ObjectStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The test's end of a {@link StoreProcess}. */
final class ForkedStore implements AutoCloseable {

    private final Process process;
    private final PrintWriter to;
    private final BufferedReader from;

    private ForkedStore(Process process) {
        this.process = process;
        this.to = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        this.from = process.inputReader(StandardCharsets.UTF_8);
    }

    static ForkedStore start(Path root, Map<String, String> environment) throws IOException {
        return start(List.of(), classesOf(ObjectStore.class) + ":" + classesOf(StoreProcess.class), root, environment);
    }

    /** Starts one as the user nobody, from a copy of the classes below {@code shared}, which everybody must be able to read. */
    static ForkedStore startAsNobody(Path root, Path shared) throws IOException {
        for (Class<?> each : List.of(ObjectStore.class, StoreProcess.class)) {
            copy(Path.of(classesOf(each)), shared);
        }
        return start(
                List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
                shared.toString(),
                root,
                Map.of());
    }

    /** Sends a command and gives the answer. */
    String ask(String... words) throws IOException {
        tell(words);
        return answer();
    }

    /** Sends a command without waiting for the answer, which {@link #answer} gives. */
    void tell(String... words) {
        to.println(String.join(" ", words));
    }

    String answer() throws IOException {
        String answer = from.readLine();
        assertThat(answer).as("the process has ended").isNotNull();
        return answer;
    }

    List<String> list() throws IOException {
        return list("");
    }

    List<String> list(String prefix) throws IOException {
        return list(prefix, "");
    }

    /** What starts with a prefix and comes after a path, if that is not empty. */
    List<String> list(String prefix, String after) throws IOException {
        return Arrays.stream(ask("list-some", StoreProcess.encode(prefix), StoreProcess.encode(after))
                        .split(" "))
                .filter(name -> !name.isEmpty())
                .map(StoreProcess::decode)
                .toList();
    }

    /** Ends it as a crash would. */
    void kill() throws InterruptedException {
        assertThat(process.destroyForcibly().waitFor()).isNotZero();
    }

    /** Lets it end by itself. */
    @Override
    public void close() {
        to.close();
        assertThat(process.onExit().join().isAlive()).isFalse();
    }

    private static ForkedStore start(List<String> prefix, String classes, Path root, Map<String, String> environment)
            throws IOException {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                classes,
                StoreProcess.class.getName(),
                root.toString()));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        return new ForkedStore(builder.start());
    }

    private static String classesOf(Class<?> each) {
        try {
            return Path.of(each.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            all.forEach(each -> {
                try {
                    Path copied = to.resolve(from.relativize(each).toString());
                    if (Files.isDirectory(each)) {
                        Files.createDirectories(copied);
                    } else {
                        Files.write(copied, Files.readAllBytes(each));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
