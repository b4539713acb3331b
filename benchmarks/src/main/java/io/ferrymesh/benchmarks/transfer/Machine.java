package io.ferrymesh.benchmarks.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the numbers were taken on: without it they mean little. */
public final class Machine {

    private Machine() {}

    /** By name, in the order to print. */
    public static Map<String, String> describe(Path data) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("CPU", Runtime.getRuntime().availableProcessors() + " cores, " + cpu());
        facts.put("memory", line("/proc/meminfo", "MemTotal").replaceAll("\\s+", " "));
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("file system", Files.getFileStore(data).type());
        facts.put("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("load before", Files.readString(Path.of("/proc/loadavg")).strip());
        return facts;
    }

    private static String cpu() throws IOException {
        return line("/proc/cpuinfo", "model name");
    }

    private static String line(String file, String key) throws IOException {
        return Files.readString(Path.of(file))
                .lines()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}
