package io.ferrymesh.cli;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A migration as the destination's HTTP API shows it. */
record MigrationView(JsonObject json) {

    String state() {
        return json.getString("state");
    }

    boolean over() {
        return switch (state()) {
            case "COMPLETED", "FAILED", "CANCELLED" -> true;
            default -> false;
        };
    }

    boolean completed() {
        return state().equals("COMPLETED");
    }

    /** Whether everything there was to move arrived. */
    boolean complete() {
        return completed() && progress("objectsFailed") == 0;
    }

    long progress(String counter) {
        JsonObject progress = json.getJsonObject("progress", new JsonObject());
        return progress.getLong(counter, 0L);
    }

    boolean listingComplete() {
        return json.getJsonObject("progress", new JsonObject()).getBoolean("listingComplete", false);
    }

    Duration elapsed() {
        Instant started = Instant.parse(json.getString("startedAt"));
        Instant finished = Optional.ofNullable(json.getString("finishedAt"))
                .map(Instant::parse)
                .orElseGet(Instant::now);
        return Duration.between(started, finished);
    }

    Duration handshake() {
        return Duration.ofNanos(json.getLong("handshakeMicros", 0L) * 1_000);
    }

    String text(String field) {
        return json.getString(field, "-");
    }

    /** What stopped it, for a person; empty when nothing did. */
    String failure() {
        JsonObject failure = json.getJsonObject("failure");
        return failure == null ? "" : failure.getString("code") + ": " + failure.getString("message");
    }
}
