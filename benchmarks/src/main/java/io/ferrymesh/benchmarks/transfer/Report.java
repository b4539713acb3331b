package io.ferrymesh.benchmarks.transfer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The results, for a person and as JSON. */
record Report(Map<String, String> machine, List<Summary> summaries, List<Summary.Sample> samples) {

    private static final String OURS = "Ferrymesh";

    void print(PrintWriter out) {
        out.println();
        machine.forEach((name, value) -> out.printf("%-14s %s%n", name, value));
        for (DataSet data : summaries.stream().map(Summary::data).distinct().toList()) {
            print(
                    out,
                    data,
                    summaries.stream().filter(s -> s.data().equals(data)).toList());
        }
        out.println();
        out.println(
                "Medians of seconds and CPU seconds, largest peaks of memory. others: how much of the machine's CPU went to"
                        + " something else meanwhile. durable: whether what was timed ends with"
                        + " everything on the disk.");
        out.flush();
    }

    private static void print(PrintWriter out, DataSet data, List<Summary> rows) {
        out.printf(
                "%n%s: %,d files of %,d bytes, %d runs%n",
                data.name(), data.files(), data.fileBytes(), rows.get(0).runs());
        out.printf(
                "%-26s %8s %17s %7s %8s   %15s %15s %6s  %s%n",
                "", "s", "fastest-slowest", "MB/s", "files/s", "CPU s src+dst", "MiB src+dst", "others", "durable");
        for (Summary row : rows) {
            out.printf(
                    "%-26s %8.2f %8.2f-%8.2f %7.0f %8.0f   %7.2f+%7.2f %7d+%7d %5.0f%%  %s%n",
                    row.what(),
                    row.seconds(),
                    row.fastest(),
                    row.slowest(),
                    row.megabytesPerSecond(),
                    row.filesPerSecond(),
                    row.source().cpuSeconds(),
                    row.destination().cpuSeconds(),
                    row.source().peakBytes() >> 20,
                    row.destination().peakBytes() >> 20,
                    100 * row.othersShare(),
                    row.durable() ? "yes" : "no");
        }
        ratios(out, rows);
    }

    private static void ratios(PrintWriter out, List<Summary> rows) {
        for (Summary ours :
                rows.stream().filter(row -> row.what().startsWith(OURS)).toList()) {
            for (Summary other : rows) {
                if (!other.equals(ours)) {
                    out.printf(
                            "%s is %.2f times as fast as %s%n",
                            ours.what(), other.seconds() / ours.seconds(), other.what());
                }
            }
        }
    }

    void write(Path file) throws IOException {
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
    }
}
