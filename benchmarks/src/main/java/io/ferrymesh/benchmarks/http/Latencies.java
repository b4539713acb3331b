package io.ferrymesh.benchmarks.http;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long each answer took, in nanoseconds, by what was asked. One thread. */
final class Latencies {

    private final Map<Operation, List<Long>> nanos = new EnumMap<>(Operation.class);

    /**
     * Some answers' times.
     *
     * @param p99Ms all but one in a hundred came within
     */
    record Spread(int answers, double medianMs, double p99Ms, double p999Ms, double slowestMs) {

        static Spread of(List<Long> nanos) {
            List<Long> sorted = nanos.stream().sorted().toList();
            return new Spread(
                    sorted.size(), part(sorted, 0.5), part(sorted, 0.99), part(sorted, 0.999), part(sorted, 1));
        }

        private static double part(List<Long> sorted, double share) {
            if (sorted.isEmpty()) {
                throw new IllegalArgumentException("there was no answer at all");
            }
            return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * share))) / 1e6;
        }
    }

    void add(Operation operation, long took) {
        nanos.computeIfAbsent(operation, each -> new ArrayList<>()).add(took);
    }

    Spread all() {
        return Spread.of(nanos.values().stream().flatMap(List::stream).toList());
    }

    Map<String, Spread> byOperation() {
        Map<String, Spread> spreads = new LinkedHashMap<>();
        nanos.forEach((operation, times) -> spreads.put(operation.name(), Spread.of(times)));
        return spreads;
    }
}
