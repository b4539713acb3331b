package io.ferrymesh.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** When a migration goes, and how fast. */
final class ScheduleOptions {

    private static final Pattern WINDOW =
            Pattern.compile("(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)(?:@([A-Za-z0-9_+/:-]{1,64}))?=(\\d{1,15}|unlimited)");
    private static final String NONE = "none";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--start-at",
            paramLabel = "TIME",
            description = "Not before, such as 2026-01-31T22:00:00Z; none for at once.")
    private @Nullable String startAt;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description = "What is not done by then has failed; none for no deadline.")
    private @Nullable String deadline;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many bytes a second; none for as fast as can be. Takes back a timetable that was"
                    + " given before.")
    private @Nullable String limit;

    @Option(
            names = "--timetable",
            paramLabel = "WINDOW",
            description = "Another limit in a part of each day, such as 22:00-06:00@Europe/Berlin=unlimited or"
                    + " 08:00-18:00=1000000 (in UTC). The first that is open counts, and --limit when none is.")
    private List<String> timetable = List.of();

    /** What was said; a null takes something back. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        put(json, "startAt", startAt);
        put(json, "deadline", deadline);
        if (limit != null || !timetable.isEmpty()) {
            JsonObject bandwidth = new JsonObject();
            if (limit != null && !limit.equals(NONE)) {
                bandwidth.put("bytesPerSecond", number("--limit", limit));
            }
            if (!timetable.isEmpty()) {
                bandwidth.put(
                        "timetable",
                        new JsonArray(timetable.stream().map(this::window).toList()));
            }
            json.put("bandwidth", bandwidth.isEmpty() ? null : bandwidth);
        }
        return json;
    }

    private static void put(JsonObject json, String field, @Nullable String value) {
        if (value != null) {
            json.put(field, value.equals(NONE) ? null : value);
        }
    }

    private JsonObject window(String text) {
        Matcher parts = WINDOW.matcher(text);
        if (!parts.matches()) {
            throw wrong("--timetable must be such as 22:00-06:00@Europe/Berlin=1000000: " + text);
        }
        JsonObject window = new JsonObject().put("from", parts.group(1)).put("to", parts.group(2));
        if (parts.group(3) != null) {
            window.put("timeZone", parts.group(3));
        }
        if (!parts.group(4).equals("unlimited")) {
            window.put("bytesPerSecond", Long.parseLong(parts.group(4)));
        }
        return window;
    }

    private long number(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ParameterException(
                    command.commandLine(), name + " must be a number of bytes a second, or none: " + text, e);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
