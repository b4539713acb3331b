package io.ferrymesh.benchmarks.transfer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One thing that was timed, over all rounds: medians, and the largest peaks of memory.
 *
 * @param what what was timed
 */
record Summary(
        DataSet data,
        String what,
        boolean durable,
        int runs,
        double seconds,
        double fastest,
        double slowest,
        Meter.Usage source,
        Meter.Usage destination,
        double othersShare) {

    /** One measurement. */
    record Sample(DataSet data, int round, Contender.Timing timing) {}

    double megabytesPerSecond() {
        return data.bytes() / 1e6 / seconds;
    }

    double filesPerSecond() {
        return data.files() / seconds;
    }

    /** One for each thing that was timed on each data set, in the order in which they first came. */
    static List<Summary> of(List<Sample> samples) {
        Map<List<Object>, List<Sample>> groups = new LinkedHashMap<>();
        for (Sample sample : samples) {
            groups.computeIfAbsent(List.of(sample.data(), sample.timing().what()), key -> new ArrayList<>())
                    .add(sample);
        }
        return groups.values().stream()
                .map(Summary::one)
                .sorted(Comparator.comparing(
                                (Summary summary) -> -summary.data().fileBytes())
                        .thenComparing(Summary::what))
                .toList();
    }

    private static Summary one(List<Sample> group) {
        Contender.Timing first = group.get(0).timing();
        double[] seconds = sorted(group, reading -> reading.seconds());
        return new Summary(
                group.get(0).data(),
                first.what(),
                first.durable(),
                group.size(),
                median(seconds),
                seconds[0],
                seconds[seconds.length - 1],
                usage(group, Meter.Reading::source),
                usage(group, Meter.Reading::destination),
                median(sorted(group, Meter.Reading::othersShare)));
    }

    private static Meter.Usage usage(List<Sample> group, java.util.function.Function<Meter.Reading, Meter.Usage> side) {
        double cpu = median(sorted(group, reading -> side.apply(reading).cpuSeconds()));
        double[] peaks = sorted(group, reading -> side.apply(reading).peakBytes());
        return new Meter.Usage(cpu, (long) peaks[peaks.length - 1]);
    }

    private static double[] sorted(List<Sample> group, ToDoubleFunction<Meter.Reading> value) {
        return group.stream()
                .mapToDouble(sample -> value.applyAsDouble(sample.timing().reading()))
                .sorted()
                .toArray();
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
