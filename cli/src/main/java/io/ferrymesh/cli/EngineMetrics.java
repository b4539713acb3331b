package io.ferrymesh.cli;

import io.ferrymesh.migration.MigrationVerticle;
import io.ferrymesh.migration.Refusals;
import io.ferrymesh.provider.ops.Metrics;
import java.util.Locale;

/** What the migration engine of a process holds, in numbers for who watches it. */
final class EngineMetrics {

    private EngineMetrics() {}

    static void show(Metrics metrics, MigrationVerticle engine) {
        metrics.show("ferrymesh.engine.sessions", "destinations that are served", engine::sourceSessions);
        metrics.show("ferrymesh.engine.lanes", "data lanes that bring objects here", engine::lanesInUse);
        metrics.show(
                "ferrymesh.engine.window.bytes", "credit given, besides a frame for each lane", engine::windowBytes);
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
