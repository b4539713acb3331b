package io.ferrymesh.cli;

import io.ferrymesh.migration.MigrationVerticle;
import io.ferrymesh.migration.Refusals;
import io.ferrymesh.provider.ops.Metrics;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.IntStream;

/** What the migration engine of a process holds, in numbers for who watches it. */
final class EngineMetrics {

    private static final Duration[] HANDSHAKES = IntStream.of(
                    2, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 2_000, 5_000, 10_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private EngineMetrics() {}

    static void show(Metrics metrics, MigrationVerticle engine) {
        metrics.show("ferrymesh.engine.sessions", "destinations that are served", engine::sourceSessions);
        metrics.show("ferrymesh.engine.lanes", "data lanes that bring objects here", engine::lanesInUse);
        metrics.show(
                "ferrymesh.engine.window.bytes", "credit given, besides a frame for each lane", engine::windowBytes);
        engine.onHandshake(metrics.times(
                "ferrymesh.engine.handshake", "how long handshakes took that succeeded, as a destination", HANDSHAKES));
        for (Refusals.Reason reason : Refusals.Reason.values()) {
            metrics.count(
                    "ferrymesh.engine.refused",
                    "handshakes that were refused",
                    "reason",
                    reason.name().toLowerCase(Locale.ROOT),
                    () -> engine.refusals().count(reason));
        }
    }
}
