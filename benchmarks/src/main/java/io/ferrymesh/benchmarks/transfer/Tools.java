package io.ferrymesh.benchmarks.transfer;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Other people's programs. */
public final class Tools {

    private Tools() {}

    /** A running program, as a name to say and what {@link #await} needs. */
    public record Started(List<String> command, Process process, Path log) {

        /** Waits; fails with the end of its log unless it succeeded. */
        public void await() throws IOException, InterruptedException {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(
                        "%s failed with status %d: %s".formatted(String.join(" ", command), status, tail(log)));
            }
        }
    }

    /** Runs a program to its end; fails unless it succeeds. */
    public static void run(Path log, List<String> command) throws IOException, InterruptedException {
        start(log, log, command).await();
    }

    /** Starts a program without input. */
    public static Started start(Path out, Path log, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new Started(command, builder.start(), log);
    }

    /** Fails, naming the packages, unless all programs are there. */
    public static void require(List<Path> programs, String packages) throws IOException {
        for (Path program : programs) {
            if (!Files.isExecutable(program)) {
                throw new IOException(program + " is missing; on Debian: apt-get install -y " + packages);
            }
        }
    }

    /** A port of loopback that nobody has now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The last lines of a log. */
    public static String tail(Path log) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }
}
