package io.ferrymesh.benchmarks.crypto;

import io.ferrymesh.benchmarks.Main;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a command of this program in a fresh JVM of the same kind, with the same standard streams. */
final class OwnJvm {

    private OwnJvm() {}

    static void run(List<String> jvmArguments, String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(jvmArguments);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        line.addAll(List.of(command));
        int status = new ProcessBuilder(line).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " failed with status " + status);
        }
    }
}
