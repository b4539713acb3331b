package io.ferrymesh.provider.options;

import io.ferrymesh.provider.options.Bandwidth.Window;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Options as the API has them and the database keeps them. What is left out has its default. Reading fails with
 * IllegalArgumentException, which names the field and what would be right.
 */
public final class OptionsJson {

    private OptionsJson() {}

    /** How a migration goes. */
    public static JsonObject of(MigrationOptions options) {
        return new JsonObject()
                .put("selection", of(options.selection()))
                .put("conflict", options.conflict().name())
                .put("metadata", options.metadata().name())
                .put("verification", options.verification().name())
                .put("sourceChanged", options.sourceChanged().name())
                .put("attempts", options.attempts())
                .put("dryRun", options.dryRun())
                .put("mirror", options.mirror())
                .put("mirrorMaxDeletes", options.mirrorMaxDeletes());
    }

    /** The same, read; fields of a schedule are passed over. */
    public static MigrationOptions options(JsonObject json) {
        MigrationOptions defaults = MigrationOptions.DEFAULTS;
        return new MigrationOptions(
                selection(json.getJsonObject("selection", new JsonObject())),
                choice(ConflictPolicy.class, json, "conflict", defaults.conflict()),
                choice(MetadataPolicy.class, json, "metadata", defaults.metadata()),
                choice(Verification.class, json, "verification", defaults.verification()),
                choice(SourceChanged.class, json, "sourceChanged", defaults.sourceChanged()),
                Math.toIntExact(json.getLong("attempts", (long) defaults.attempts())),
                json.getBoolean("dryRun", defaults.dryRun()),
                json.getBoolean("mirror", defaults.mirror()),
                json.getLong("mirrorMaxDeletes", defaults.mirrorMaxDeletes()));
    }

    /** When a migration goes; what it has not is left out. */
    public static JsonObject of(Schedule schedule) {
        JsonObject json = new JsonObject();
        schedule.startAt().ifPresent(at -> json.put("startAt", at.toString()));
        schedule.deadline().ifPresent(at -> json.put("deadline", at.toString()));
        if (!schedule.bandwidth().equals(Bandwidth.UNLIMITED)) {
            json.put("bandwidth", of(schedule.bandwidth()));
        }
        return json;
    }

    /** A schedule with what is said of it changed; a null takes something back. */
    public static Schedule changed(Schedule schedule, JsonObject json) {
        Optional<Instant> startAt = json.containsKey("startAt") ? instant(json, "startAt") : schedule.startAt();
        Optional<Instant> deadline = json.containsKey("deadline") ? instant(json, "deadline") : schedule.deadline();
        Bandwidth bandwidth = schedule.bandwidth();
        if (json.containsKey("bandwidth")) {
            JsonObject other = json.getJsonObject("bandwidth");
            bandwidth = other == null ? Bandwidth.UNLIMITED : bandwidth(other);
        }
        return new Schedule(startAt, deadline, bandwidth);
    }

    /** How fast a migration may be. */
    public static JsonObject of(Bandwidth bandwidth) {
        JsonObject json = new JsonObject();
        put(json, bandwidth.bytesPerSecond());
        if (!bandwidth.timetable().isEmpty()) {
            json.put(
                    "timetable",
                    new JsonArray(
                            bandwidth.timetable().stream().map(OptionsJson::of).toList()));
        }
        return json;
    }

    /** The same, read. */
    public static Bandwidth bandwidth(JsonObject json) {
        List<Window> windows = new ArrayList<>();
        JsonArray timetable = json.getJsonArray("timetable", new JsonArray());
        for (int i = 0; i < timetable.size(); i++) {
            windows.add(window(timetable.getJsonObject(i), "bandwidth.timetable[" + i + "]"));
        }
        return new Bandwidth(number(json, "bytesPerSecond"), windows);
    }

    /** What a dry run has found. */
    public static JsonObject of(DryRunTotals totals) {
        JsonObject json = new JsonObject()
                .put("objectsWanted", totals.objectsWanted())
                .put("bytesWanted", totals.bytesWanted())
                .put("objectsReplaced", totals.objectsReplaced())
                .put("objectsPresent", totals.objectsPresent())
                .put("bytesPresent", totals.bytesPresent())
                .put("objectsToCompare", totals.objectsToCompare())
                .put("bytesToCompare", totals.bytesToCompare())
                .put("objectsConflicting", totals.objectsConflicting())
                .put("objectsNewerThere", totals.objectsNewerThere())
                .put("objectsExcluded", totals.objectsExcluded())
                .put("bytesExcluded", totals.bytesExcluded())
                .put("objectsUnsupported", totals.objectsUnsupported())
                .put("objectsFailed", totals.objectsFailed());
        totals.estimate().ifPresent(estimate -> json.put("estimate", of(estimate)));
        totals.preflight().ifPresent(preflight -> json.put("preflight", PreflightJson.of(preflight)));
        return json;
    }

    private static JsonObject of(Estimate estimate) {
        OptionalLong seconds = estimate.seconds();
        return new JsonObject()
                .put("seconds", seconds.isPresent() ? (Long) seconds.getAsLong() : null)
                .put("basedOn", estimate.basedOn().name());
    }

    private static Estimate estimate(JsonObject json) {
        return new Estimate(
                number(json, "seconds"),
                choice(Estimate.BasedOn.class, json, "basedOn", Estimate.BasedOn.NOTHING_MEASURED));
    }

    /** The same, read. */
    public static DryRunTotals totals(JsonObject json) {
        return new DryRunTotals(
                json.getLong("objectsWanted"),
                json.getLong("bytesWanted"),
                json.getLong("objectsReplaced"),
                json.getLong("objectsPresent"),
                json.getLong("bytesPresent"),
                json.getLong("objectsToCompare"),
                json.getLong("bytesToCompare"),
                json.getLong("objectsConflicting"),
                json.getLong("objectsNewerThere"),
                json.getLong("objectsExcluded"),
                json.getLong("bytesExcluded"),
                json.getLong("objectsUnsupported"),
                json.getLong("objectsFailed"),
                Optional.ofNullable(json.getJsonObject("estimate")).map(OptionsJson::estimate),
                Optional.ofNullable(json.getJsonObject("preflight")).map(PreflightJson::preflight));
    }

    private static JsonObject of(Selection selection) {
        JsonObject json = new JsonObject();
        if (!selection.prefix().isEmpty()) {
            json.put("prefix", selection.prefix());
        }
        if (!selection.include().isEmpty()) {
            json.put("include", new JsonArray(selection.include()));
        }
        if (!selection.exclude().isEmpty()) {
            json.put("exclude", new JsonArray(selection.exclude()));
        }
        selection.minBytes().ifPresent(bytes -> json.put("minBytes", bytes));
        selection.maxBytes().ifPresent(bytes -> json.put("maxBytes", bytes));
        selection.modifiedFrom().ifPresent(at -> json.put("modifiedFrom", at.toString()));
        selection.modifiedUntil().ifPresent(at -> json.put("modifiedUntil", at.toString()));
        return json;
    }

    private static Selection selection(JsonObject json) {
        return new Selection(
                json.getString("prefix", ""),
                texts(json, "include"),
                texts(json, "exclude"),
                number(json, "minBytes"),
                number(json, "maxBytes"),
                instant(json, "modifiedFrom"),
                instant(json, "modifiedUntil"));
    }

    private static JsonObject of(Window window) {
        JsonObject json = new JsonObject()
                .put("from", window.from().toString())
                .put("to", window.to().toString())
                .put("timeZone", window.timeZone().getId());
        put(json, window.bytesPerSecond());
        return json;
    }

    private static Window window(JsonObject json, String name) {
        return new Window(
                time(json, name, "from"),
                time(json, name, "to"),
                zone(json.getString("timeZone", "UTC"), name),
                number(json, "bytesPerSecond"));
    }

    private static void put(JsonObject json, OptionalLong bytesPerSecond) {
        bytesPerSecond.ifPresent(limit -> json.put("bytesPerSecond", limit));
    }

    private static LocalTime time(JsonObject json, String name, String field) {
        String text = json.getString(field);
        try {
            return LocalTime.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + "." + field + " must be a time such as 22:00: " + text, e);
        }
    }

    private static ZoneId zone(String text, String name) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    name + ".timeZone must be a time zone such as Europe/Berlin: " + text, e);
        }
    }

    private static List<String> texts(JsonObject json, String field) {
        JsonArray array = json.getJsonArray(field, new JsonArray());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            texts.add(array.getString(i));
        }
        return texts;
    }

    private static OptionalLong number(JsonObject json, String field) {
        @Nullable Long number = json.getLong(field);
        return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }

    /** The database keeps milliseconds, and so does everybody. */
    private static Optional<Instant> instant(JsonObject json, String field) {
        @Nullable String text = json.getString(field);
        if (text == null) {
            return Optional.empty();
        }
        try {
            Instant at = Instant.parse(text.toUpperCase(Locale.ROOT));
            return Optional.of(Instant.ofEpochMilli(at.toEpochMilli()));
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(field + " must be a time such as 2026-01-31T22:00:00Z: " + text, e);
        }
    }

    private static <E extends Enum<E>> E choice(Class<E> type, JsonObject json, String field, E otherwise) {
        @Nullable String text = json.getString(field);
        try {
            return text == null ? otherwise : Enum.valueOf(type, text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    field + " must be one of " + List.of(type.getEnumConstants()) + ": " + text, e);
        }
    }
}
