package io.ferrymesh.benchmarks.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.ferrymesh.benchmarks.http.LargeObjects.Sample;
import io.ferrymesh.benchmarks.transfer.Meter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The results, for a person and as JSON.
 *
 * @param largeBytes the size of the large object
 */
record HttpReport(
        Map<String, String> machine,
        List<SmallRequests.Result> small,
        long largeBytes,
        LargeObjects.Memory memory,
        List<Row> large,
        List<Sample> samples) {

    /** Medians of all rounds. */
    record Row(
            String direction,
            String what,
            boolean durable,
            int rounds,
            double seconds,
            double fastest,
            double slowest,
            double megabytesPerSecond,
            double serverCpuSeconds,
            double othersShare) {

        static Row of(long bytes, List<Sample> samples) {
            Sample first = samples.get(0);
            double[] seconds = sorted(samples, Meter.Reading::seconds);
            return new Row(
                    first.direction(),
                    first.what(),
                    first.durable(),
                    samples.size(),
                    median(seconds),
                    seconds[0],
                    seconds[seconds.length - 1],
                    bytes / median(seconds) / 1e6,
                    median(sorted(samples, reading -> reading.source().cpuSeconds())),
                    median(sorted(samples, Meter.Reading::othersShare)));
        }

        private static double[] sorted(List<Sample> samples, ToDoubleFunction<Meter.Reading> value) {
            return samples.stream()
                    .mapToDouble(sample -> value.applyAsDouble(sample.reading()))
                    .sorted()
                    .toArray();
        }

        private static double median(double[] sorted) {
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    static HttpReport of(
            Map<String, String> machine,
            List<SmallRequests.Result> small,
            long largeBytes,
            LargeObjects.Memory memory,
            List<Sample> samples) {
        Map<String, List<Sample>> groups = new LinkedHashMap<>();
        for (Sample sample : samples) {
            groups.computeIfAbsent(sample.direction() + sample.what(), key -> new ArrayList<>())
                    .add(sample);
        }
        List<Row> rows = groups.values().stream()
                .map(group -> Row.of(largeBytes, group))
                .sorted(Comparator.comparing(Row::direction).reversed().thenComparing(Row::what))
                .toList();
        return new HttpReport(machine, small, largeBytes, memory, rows, samples);
    }

    void print(PrintWriter out) {
        out.println();
        machine.forEach((name, value) -> out.printf("%-14s %s%n", name, value));
        printSmall(out);
        out.printf(
                "%npeak memory of the provider: %d MiB while 200 objects of 1 KiB were put, %d MiB while one of %,d bytes was%n",
                memory.smallBytes() >> 20, memory.largeBytes() >> 20, largeBytes);
        printLarge(out);
        out.flush();
    }

    private void printSmall(PrintWriter out) {
        out.printf(
                "%n%-12s %-6s %10s %10s %9s %9s %9s %9s %20s %7s%n",
                "",
                "",
                "answers",
                "a second",
                "median ms",
                "p99 ms",
                "p99.9 ms",
                "max ms",
                "CPU s serving+asking",
                "others");
        for (SmallRequests.Result result : small) {
            out.printf(
                    "%-12s %-6s %s %20s %6.0f%%%n",
                    result.what(),
                    "all",
                    text(result.spread(), result.answersPerSecond()),
                    "%.1f+%.1f".formatted(result.providerCpuSeconds(), result.generatorCpuSeconds()),
                    100 * result.othersShare());
            result.byOperation()
                    .forEach((operation, spread) -> out.printf(
                            "%-12s %-6s %s%n", "", operation, text(spread, spread.answers() / result.seconds())));
        }
    }

    private static String text(Latencies.Spread spread, double perSecond) {
        return "%10d %10.1f %9.2f %9.2f %9.2f %9.2f"
                .formatted(
                        spread.answers(),
                        perSecond,
                        spread.medianMs(),
                        spread.p99Ms(),
                        spread.p999Ms(),
                        spread.slowestMs());
    }

    private void printLarge(PrintWriter out) {
        out.printf(
                "%n%-10s %-18s %8s %17s %8s %10s %7s  %s%n",
                "", "", "s", "fastest-slowest", "MB/s", "server CPU", "others", "durable");
        for (Row row : large) {
            out.printf(
                    "%-10s %-18s %8.2f %8.2f-%8.2f %8.0f %10.2f %6.0f%%  %s%n",
                    row.direction(),
                    row.what(),
                    row.seconds(),
                    row.fastest(),
                    row.slowest(),
                    row.megabytesPerSecond(),
                    row.serverCpuSeconds(),
                    100 * row.othersShare(),
                    row.durable() ? "yes" : "no");
        }
        for (Row ours :
                large.stream().filter(row -> row.what().equals("Ferrymesh")).toList()) {
            for (Row other : large) {
                if (other.direction().equals(ours.direction()) && !other.equals(ours)) {
                    out.printf(
                            "%s: Ferrymesh is %.2f times as fast as %s%n",
                            ours.direction(), other.seconds() / ours.seconds(), other.what());
                }
            }
        }
    }

    void write(Path file) throws IOException {
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
    }
}
