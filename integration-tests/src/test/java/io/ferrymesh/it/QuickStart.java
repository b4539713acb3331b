package io.ferrymesh.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * JVM options for nodes that live for seconds: with an archive of the program's classes they start in a third of the time. The
 * archive is made once for a build of the program and a JDK, by running the demo.
 */
final class QuickStart {

    private static final List<String> PLAIN = List.of(
            "-XX:+UseSerialGC",
            // The JVM's warnings go to standard output, where a node says that it is ready.
            "-Xlog:disable",
            // The second compiler for the hottest methods only: it slows what a key file's key derivation takes.
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=20000",
            "-XX:Tier4CompileThreshold=50000");

    private static final long GENEROUS_MINUTES = 3;

    private static final List<String> OPTIONS = make();

    private QuickStart() {}

    /** The options; without an archive where none could be made. */
    static List<String> options() {
        return OPTIONS;
    }

    private static List<String> make() {
        try {
            Path archive =
                    Path.of("target", "classes-" + Runtime.version() + ".jsa").toAbsolutePath();
            return OneAtATime.in(archive, () -> isCurrent(archive) || archived(archive))
                    ? with("-XX:SharedArchiveFile=" + archive)
                    : PLAIN;
        } catch (IOException e) {
            System.out.println("nodes start slowly, because their classes could not be archived: " + e);
            return PLAIN;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isCurrent(Path archive) throws IOException {
        return Files.exists(archive)
                && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(Program.jar())) > 0;
    }

    private static boolean archived(Path archive) throws IOException, InterruptedException {
        boolean unused = Files.deleteIfExists(archive);
        Path work = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "quick-start");
        Path from = Files.createDirectory(work.resolve("from"));
        Files.writeString(from.resolve("file"), "content");
        Process demo = Program.in(work)
                .jvm(with("-XX:ArchiveClassesAtExit=" + archive))
                .start(
                        work.resolve("demo.log"),
                        "demo",
                        "--work",
                        "" + work.resolve("work"),
                        "--from",
                        "" + from,
                        "--to",
                        "" + work.resolve("to"));
        try {
            byte[] said = demo.getInputStream().readAllBytes();
            return said.length > 0 && demo.waitFor(GENEROUS_MINUTES, TimeUnit.MINUTES) && Files.exists(archive);
        } finally {
            Program.kill(demo);
        }
    }

    private static List<String> with(String option) {
        List<String> options = new ArrayList<>(PLAIN);
        options.add(option);
        return List.copyOf(options);
    }
}
