package io.ferrymesh.cli;

import io.ferrymesh.cli.user.Printable;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The end of a migration, for a person. */
final class Summary {

    private Summary() {}

    static void print(MigrationView view, String data, Optional<Path> receipt, PrintStream out) {
        if (view.dryRun().isPresent()) {
            printDryRun(view.dryRun().get(), view.mirror(), data, out);
            return;
        }
        out.println();
        out.println(headline(view));
        out.println();
        row(out, "Old provider", view.text("peerPseudonym") + "  (a pseudonym; only the KGC can open it)");
        row(out, "New provider", view.text("ownPseudonym") + "  (likewise)");
        row(out, "Handshake", Quantities.millis(view.handshake()));
        row(out, "Crypto provider", view.text("cryptoProvider"));
        row(out, "Objects", objects(view));
        row(out, "Bytes", bytes(view));
        view.mirror().ifPresent(mirror -> row(out, "Not at the old", mirror(mirror)));
        row(out, "Merkle root", view.text("merkleRoot"));
        row(out, "Data", data);
        receipt.ifPresent(file -> row(out, "Receipt", file + "  (signed by both)"));
    }

    /** What would be moved. */
    private static void printDryRun(JsonObject found, Optional<JsonObject> mirror, String data, PrintStream out) {
        out.println();
        out.println("Nothing was moved. This is what there is to move.");
        out.println();
        row(
                out,
                "Would be moved",
                "%s objects, %s"
                        .formatted(
                                Quantities.count(found.getLong("objectsWanted", 0L)),
                                Quantities.bytes(found.getLong("bytesWanted", 0L))));
        row(out, "Already there", Quantities.count(found.getLong("objectsPresent", 0L)));
        row(out, "To be compared", Quantities.count(found.getLong("objectsToCompare", 0L)));
        row(out, "Name taken", Quantities.count(found.getLong("objectsConflicting", 0L)));
        row(out, "Newer there", Quantities.count(found.getLong("objectsNewerThere", 0L)));
        row(out, "Not selected", Quantities.count(found.getLong("objectsExcluded", 0L)));
        mirror.ifPresent(each -> row(
                out,
                "Would be removed",
                "%s objects, %s"
                        .formatted(
                                Quantities.count(each.getLong("objectsFound", 0L)),
                                Quantities.bytes(each.getLong("bytesFound", 0L)))));
        row(out, "Name not possible", Quantities.count(found.getLong("objectsUnsupported", 0L)));
        row(out, "Would fail else", Quantities.count(found.getLong("objectsFailed", 0L)));
        JsonObject estimate = found.getJsonObject("estimate");
        if (estimate != null && estimate.getLong("seconds") != null) {
            row(out, "May take", Quantities.seconds(Duration.ofSeconds(estimate.getLong("seconds"))));
        }
        row(out, "Data", data);
        JsonObject preflight = found.getJsonObject("preflight");
        if (preflight != null) {
            PreflightSummary.print(preflight, out);
        }
    }

    private static String headline(MigrationView view) {
        if (view.complete()) {
            return "Everything arrived and was verified at both ends.";
        }
        if (view.completed()) {
            return "Not everything arrived: " + Quantities.count(view.progress("objectsFailed"))
                    + " failed. What arrived was verified.";
        }
        if (view.state().equals("PAUSED")) {
            String why = view.failure().isEmpty() ? "" : " " + view.failure();
            return "The migration pauses. What arrived was verified; it goes on when it is asked for again." + why;
        }
        return "The migration stopped. " + view.failure();
    }

    private static String mirror(JsonObject mirror) {
        String removed = "%s removed, %s kept"
                .formatted(
                        Quantities.count(mirror.getLong("objectsRemoved", 0L)),
                        Quantities.count(mirror.getLong("objectsKept", 0L)));
        return switch (mirror.getString("code", "")) {
            case "" -> removed;
            case "TOO_MANY" ->
                removed + "; there are " + Quantities.count(mirror.getLong("objectsFound", 0L))
                        + ", more than may be removed";
            case "OBJECTS_FAILED" -> "nothing removed, because something failed";
            case "NOTHING_LISTED" -> "nothing removed, because the source has listed nothing at all";
            case "OTHER_MIGRATION" -> removed + "; the rest stays, because another migration has run meanwhile";
            case "STORE_UNAVAILABLE", "STORE_FAILED" ->
                removed + "; the rest stays, because the place could not be read for a day";
            default -> removed + "; " + Printable.text(mirror.getString("code"));
        };
    }

    private static String objects(MigrationView view) {
        return "%s moved, %s already there, %s failed, %s skipped"
                .formatted(
                        Quantities.count(view.progress("objectsDone")),
                        Quantities.count(view.progress("objectsAlreadyThere")),
                        Quantities.count(view.progress("objectsFailed")),
                        Quantities.count(view.progress("objectsSkipped")));
    }

    private static String bytes(MigrationView view) {
        Duration took = view.elapsed();
        return "%s in %s, %s"
                .formatted(
                        Quantities.bytes(view.progress("bytesDone")),
                        Quantities.seconds(took),
                        Quantities.rate(view.progress("bytesDone"), took));
    }

    static void row(PrintStream out, String name, String value) {
        out.printf("  %-16s %s%n", name, value);
    }
}
