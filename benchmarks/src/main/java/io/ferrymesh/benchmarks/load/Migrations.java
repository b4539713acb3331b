package io.ferrymesh.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import io.ferrymesh.benchmarks.transfer.Nodes;
import io.ferrymesh.benchmarks.transfer.UserApi;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Asks for migrations and waits for them. */
final class Migrations {

    private static final long POLL_MS = 1_000;

    private Migrations() {}

    /** What a user hands to both providers. */
    record Ask(String id, String psk, String prefix) {
        static Ask of(String prefix) {
            return new Ask(Nodes.hex(16), Nodes.hex(32), prefix);
        }
    }

    /** How long each of a user's migrations took from being asked for, once all have completed. */
    static List<Duration> await(Fleet fleet, String user, int count, Duration most)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (System.nanoTime() < deadline) {
            List<Duration> took = completed(fleet.atDestination(user, 0));
            if (took.size() == count) {
                return took;
            }
            Thread.sleep(POLL_MS);
        }
        throw new IOException("the migrations of %s have not completed in %s".formatted(user, most));
    }

    private static List<Duration> completed(UserApi api) throws IOException, InterruptedException {
        List<Duration> took = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.migrations(cursor);
            for (JsonNode migration : page.required("migrations")) {
                String state = migration.required("state").asText();
                if (state.equals("COMPLETED")) {
                    took.add(Duration.between(time(migration, "createdAt"), time(migration, "finishedAt")));
                    if (migration.at("/progress/objectsFailed").asLong() > 0) {
                        throw new IOException("objects failed: " + migration);
                    }
                } else if (state.equals("CANCELLED") || state.equals("FAILED")) {
                    throw new IOException("a migration ended otherwise: " + migration);
                }
            }
            cursor = page.path("next").asText("");
        } while (!cursor.isEmpty());
        return took;
    }

    private static Instant time(JsonNode migration, String field) {
        return Instant.parse(migration.required(field).asText());
    }

    /** The one below which a share of them lie, in seconds. */
    static double quantile(List<Duration> durations, double share) {
        List<Duration> sorted = new ArrayList<>(durations);
        Collections.sort(sorted);
        int at = (int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size()));
        return sorted.get(at).toMillis() / 1_000.0;
    }
}
