package io.ferrymesh.benchmarks.load;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** One kind of load. */
interface Scenario {

    /** How many users it needs at each provider. */
    int users();

    /** How many processes each provider has. */
    int processes();

    /** Makes the data, does it, checks that everything is right, and says what was measured, by name. */
    Map<String, Object> run(Fleet fleet, Watch watch, PrintWriter out) throws Exception;

    /** What the watch saw, in figures. */
    static Map<String, Object> use(Watch watch) {
        Map<String, Object> use = new LinkedHashMap<>();
        watch.seen().forEach((name, samples) -> {
            Watch.Sample first = samples.get(0);
            Watch.Sample last = samples.get(samples.size() - 1);
            use.put(
                    name + ", most memory, MiB",
                    mebibytes(samples.stream()
                            .mapToLong(Watch.Sample::residentBytes)
                            .max()
                            .orElse(0)));
            use.put(
                    name + ", most heap, MiB",
                    mebibytes(samples.stream()
                            .mapToLong(Watch.Sample::heapBytes)
                            .max()
                            .orElse(0)));
            use.put(name + ", CPU seconds", Math.round((last.cpuSeconds() - first.cpuSeconds()) * 10) / 10.0);
        });
        return use;
    }

    /** Of bytes. */
    static long mebibytes(long bytes) {
        return bytes >> 20;
    }
}
