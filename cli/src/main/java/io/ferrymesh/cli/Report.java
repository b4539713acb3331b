package io.ferrymesh.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.util.List;

/** Shows a person what did not arrive. */
final class Report {

    /** More lines than this are for the NDJSON report, not for a screen. */
    private static final int MOST_LINES = 20;

    private Report() {}

    static void print(List<JsonObject> lines, PrintStream out) {
        for (JsonObject line : lines.subList(0, Math.min(lines.size(), MOST_LINES))) {
            if (line.containsKey("more")) {
                out.println("  and " + line.getLong("more") + " more");
            } else {
                out.println("  " + pad(line.getString("code")) + " " + printable(line.getString("path")));
            }
        }
        if (lines.size() > MOST_LINES) {
            out.println("  and " + Quantities.count(lines.size() - MOST_LINES) + " more in the provider's report");
        }
    }

    /** A name on one line, whatever is in it. */
    static String printable(String name) {
        StringBuilder text = new StringBuilder();
        name.codePoints()
                .forEach(c -> text.append(Character.isISOControl(c) ? "\\x%02x".formatted(c) : Character.toString(c)));
        return text.toString();
    }

    private static String pad(String code) {
        return "%-18s".formatted(code);
    }
}
