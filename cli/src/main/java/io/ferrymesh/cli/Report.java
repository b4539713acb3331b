package io.ferrymesh.cli;

import io.ferrymesh.cli.user.Printable;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;

/** Shows a person what did not arrive, of all that is in a report. */
final class Report {

    /** More lines than this are for the NDJSON report, not for a screen. */
    private static final int MOST_LINES = 20;

    private final PrintStream out;
    private long lines;

    Report(PrintStream out) {
        this.out = out;
    }

    void entry(JsonObject entry) {
        switch (entry.getString("outcome", "")) {
            case "FAILED", "SKIPPED" -> {
                if (++lines <= MOST_LINES) {
                    out.println("  " + pad(Printable.text(entry.getString("code", "-"))) + " "
                            + Printable.text(entry.getString("path")));
                }
            }
            default -> {
                // it is there
            }
        }
    }

    /** Once there are no more entries. */
    void end() {
        if (lines > MOST_LINES) {
            out.println("  and " + Quantities.count(lines - MOST_LINES) + " more in the provider's report");
        }
    }

    private static String pad(String code) {
        return "%-18s".formatted(code);
    }
}
