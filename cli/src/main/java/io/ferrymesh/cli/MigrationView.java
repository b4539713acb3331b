package io.ferrymesh.cli;

import io.ferrymesh.cli.user.Printable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A migration as the destination's HTTP API shows it. */
record MigrationView(JsonObject json) {

    String state() {
        return json.getString("state");
    }

    /** Whether nothing more happens by itself. */
    boolean isAtRest() {
        return switch (state()) {
            case "COMPLETED", "FAILED", "CANCELLED", "PAUSED" -> true;
            default -> false;
        };
    }

    boolean completed() {
        return state().equals("COMPLETED");
    }

    /** Whether everything there was to move arrived, or would as far as a dry run knows. */
    boolean complete() {
        return completed() && progress("objectsFailed") == 0 && !isBlocked();
    }

    /** Whether a dry run has found something that would stop the migration. */
    private boolean isBlocked() {
        JsonObject found = dryRun().orElseGet(JsonObject::new);
        JsonArray findings =
                found.getJsonObject("preflight", new JsonObject()).getJsonArray("findings", new JsonArray());
        return findings.stream().map(JsonObject.class::cast).anyMatch(each -> "BLOCKS"
                .equals(each.getString("severity")));
    }

    boolean hasReceipt() {
        return completed() && json.getBoolean("hasReceipt", true);
    }

    /** What a dry run has found; empty for what moves something, or has not ended. */
    Optional<JsonObject> dryRun() {
        return Optional.ofNullable(json.getJsonObject("dryRun"));
    }

    /** What became of what the source has not got; empty for what is no mirror, or has not come so far. */
    Optional<JsonObject> mirror() {
        return Optional.ofNullable(json.getJsonObject("mirror"));
    }

    long progress(String counter) {
        JsonObject progress = json.getJsonObject("progress", new JsonObject());
        return progress.getLong(counter, 0L);
    }

    boolean listingComplete() {
        return json.getJsonObject("progress", new JsonObject()).getBoolean("listingComplete", false);
    }

    Duration elapsed() {
        Optional<Instant> started = time("startedAt");
        Instant finished = time("finishedAt").orElseGet(Instant::now);
        return started.map(from -> Duration.between(from, finished)).orElse(Duration.ZERO);
    }

    private Optional<Instant> time(String field) {
        return Optional.ofNullable(json.getString(field)).map(Instant::parse);
    }

    Duration handshake() {
        return Duration.ofNanos(json.getLong("handshakeMicros", 0L) * 1_000);
    }

    String text(String field) {
        return Printable.text(json.getString(field, "-"));
    }

    /** What stopped it, for a person; empty when nothing did. */
    String failure() {
        JsonObject failure = json.getJsonObject("failure");
        return failure == null ? "" : Printable.text(failure.getString("code") + ": " + failure.getString("message"));
    }
}
