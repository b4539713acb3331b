package io.ferrymesh.cli;

import io.ferrymesh.cli.user.Printable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;

/** What a dry run has found to stand in the way, for a person. */
final class PreflightSummary {

    /** Of up to twenty, which --json of the migration has. */
    private static final int EXAMPLES = 5;

    private PreflightSummary() {}

    static void print(JsonObject preflight, PrintStream out) {
        Summary.row(out, "Free there", bytes(preflight, "freeBytes"));
        Summary.row(out, "Quota left", bytes(preflight, "quotaBytes"));
        Summary.row(out, "Tried to read", tried(preflight));
        JsonArray findings = preflight.getJsonArray("findings", new JsonArray());
        for (int i = 0; i < findings.size(); i++) {
            finding(findings.getJsonObject(i), out);
        }
        if (findings.isEmpty()) {
            out.println();
            out.println("Nothing was found to stand in the way.");
        }
    }

    private static String bytes(JsonObject preflight, String field) {
        Long bytes = preflight.getLong(field);
        return bytes == null ? "unknown" : Quantities.bytes(bytes);
    }

    private static String tried(JsonObject preflight) {
        long tried = preflight.getLong("objectsProbed", 0L);
        long all = tried + preflight.getLong("objectsNotProbed", 0L);
        return "%s of %s objects".formatted(Quantities.count(tried), Quantities.count(all));
    }

    private static void finding(JsonObject finding, PrintStream out) {
        long objects = finding.getLong("objects", 0L);
        out.println();
        out.println("%s %s: %s objects, %s"
                .formatted(
                        severity(finding.getString("severity", "")),
                        Printable.text(finding.getString("kind", "")),
                        Quantities.count(objects),
                        Quantities.bytes(finding.getLong("bytes", 0L))));
        out.println("  " + Printable.text(finding.getString("message", "")));
        JsonArray examples = finding.getJsonArray("examples", new JsonArray());
        int shown = Math.min(EXAMPLES, examples.size());
        for (int i = 0; i < shown; i++) {
            out.println("    " + Printable.text(examples.getString(i)));
        }
        if (shown > 0 && objects > shown) {
            out.println("    and " + Quantities.count(objects - shown) + " more");
        }
    }

    private static String severity(String severity) {
        return switch (severity) {
            case "BLOCKS" -> "Stops it:";
            case "OBJECT_FAILS" -> "Would fail:";
            default -> "Note:";
        };
    }
}
