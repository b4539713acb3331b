package io.ferrymesh.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The end of a migration, for a person. */
final class Summary {

    private Summary() {}

    static void print(MigrationView view, String data, Optional<Path> receipt, PrintStream out) {
        out.println();
        out.println(headline(view));
        out.println();
        row(out, "Old provider", view.text("peerPseudonym") + "  (a pseudonym; only the KGC can open it)");
        row(out, "New provider", view.text("ownPseudonym") + "  (likewise)");
        row(out, "Handshake", Quantities.millis(view.handshake()));
        row(out, "Crypto provider", view.text("cryptoProvider"));
        row(out, "Objects", objects(view));
        row(out, "Bytes", bytes(view));
        row(out, "Merkle root", view.text("merkleRoot"));
        row(out, "Data", data);
        receipt.ifPresent(file -> row(out, "Receipt", file + "  (signed by both)"));
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
            return "The migration pauses. What arrived was verified; it goes on when it is asked for again.";
        }
        return "The migration stopped. " + view.failure();
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

    private static void row(PrintStream out, String name, String value) {
        out.printf("  %-16s %s%n", name, value);
    }
}
