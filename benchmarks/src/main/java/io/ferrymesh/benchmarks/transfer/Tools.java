package io.ferrymesh.benchmarks.transfer;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Other people's programs. */
final class Tools {

    private Tools() {}

    /** A running program, as a name to say and what {@link #await} needs. */
    record Started(List<String> command, Process process, Path log) {

        /** Waits; fails with the end of its log unless it succeeded. */
        void await() throws IOException, InterruptedException {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(
                        "%s failed with status %d: %s".formatted(String.join(" ", command), status, tail(log)));
            }
        }
    }

    static void run(Path log, List<String> command) throws IOException, InterruptedException {
        start(log, log, command).await();
    }

    static Started start(Path out, Path log, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new Started(command, builder.start(), log);
    }

    /** Fails, naming the packages, unless all programs are there. */
    static void require(List<Path> programs, String packages) throws IOException {
        for (Path program : programs) {
            if (!Files.isExecutable(program)) {
                throw new IOException(program + " is missing; on Debian: apt-get install -y " + packages);
            }
        }
    }

    static String tail(Path log) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }
}
