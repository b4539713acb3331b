package io.ferrymesh.it.containers;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs of this machine, with what they print. None runs for longer than it may. */
final class Shell {

    /** How a program ended, and all that it printed. */
    record Ended(int status, String output) {

        /** What it printed; fails if it did not end well. */
        String succeeded() {
            if (status != 0) {
                throw new IllegalStateException("exit status " + status + ": " + output);
            }
            return output;
        }
    }

    private final Path directory;
    private final Duration patience;
    private final Map<String, String> environment = new HashMap<>();

    Shell(Path directory, Duration patience) {
        this.directory = directory;
        this.patience = patience;
    }

    Shell with(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    Ended run(String... command) throws IOException {
        Path output = Files.createTempFile("output", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            int status = end(builder.start(), command);
            return new Ended(status, Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }

    private int end(Process process, String... command) throws IOException {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(String.join(" ", command) + " runs for longer than " + patience);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            Process unused = process.destroyForcibly();
        }
    }
}
