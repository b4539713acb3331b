package io.ferrymesh.it.containers;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * So many migrations that were begun at once, and what became of them.
 *
 * @param views the new provider's, at their end
 * @param refused requests and handshakes that were told to come later
 */
record LoadRound(List<JsonObject> views, long objects, long bytes, HandshakeTimes handshakes, long refused) {

    static final String HEAD =
            """
            | migrations | MB | s | MB/s | objects/s | migrations/s | handshake p50, ms | p99 | completion p50, s | p99 | max | max / p50 | told to come later |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|
            """;

    /** From the first one's beginning to the last one's end. */
    double seconds() {
        Instant first = views.stream()
                .map(view -> view.getInstant("createdAt"))
                .min(Comparator.naturalOrder())
                .orElseThrow();
        Instant last = views.stream()
                .map(view -> view.getInstant("finishedAt"))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return seconds(first, last);
    }

    /** Within how many seconds of being begun this share of them had completed. */
    double completedWithin(double share) {
        double[] sorted = views.stream()
                .mapToDouble(view -> seconds(view.getInstant("createdAt"), view.getInstant("finishedAt")))
                .sorted()
                .toArray();
        return sorted[(int) Math.min(sorted.length - 1L, (long) Math.floor(share * sorted.length))];
    }

    /** How many times as long as half of them the slowest took; about two where all have the same share. */
    double unfairness() {
        return completedWithin(1) / completedWithin(0.5);
    }

    String row() {
        double took = seconds();
        return "| %d | %.0f | %.1f | %.1f | %.0f | %.1f | ≤ %.0f | ≤ %.0f | %.1f | %.1f | %.1f | %.1f | %d |%n"
                .formatted(
                        views.size(),
                        bytes / 1e6,
                        took,
                        bytes / 1e6 / took,
                        objects / took,
                        views.size() / took,
                        handshakes.boundMs(0.5),
                        handshakes.boundMs(0.99),
                        completedWithin(0.5),
                        completedWithin(0.99),
                        completedWithin(1),
                        unfairness(),
                        refused);
    }

    private static double seconds(Instant from, Instant until) {
        return Duration.between(from, until).toMillis() / 1_000.0;
    }
}
