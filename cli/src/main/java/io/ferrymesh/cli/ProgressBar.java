package io.ferrymesh.cli;

import java.io.PrintStream;
import java.time.Duration;

/**
 * One line that is drawn over while a migration runs. Where there is no terminal, a plain line every few seconds instead.
 */
final class ProgressBar {

    private static final int WIDTH = 30;
    private static final long PLAIN_LINE_EVERY_MS = 5_000;

    private final PrintStream out;
    private final boolean terminal;
    private long lastPlainMs = -PLAIN_LINE_EVERY_MS;

    ProgressBar(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void show(MigrationView migration) {
        Duration elapsed = migration.elapsed();
        if (terminal) {
            out.print("\r\033[2K" + line(migration, elapsed));
            out.flush();
        } else if (elapsed.toMillis() - lastPlainMs >= PLAIN_LINE_EVERY_MS) {
            lastPlainMs = elapsed.toMillis();
            out.println(line(migration, elapsed));
        }
    }

    /** Leaves the last state on the screen. */
    void finish(MigrationView migration) {
        out.println((terminal ? "\r\033[2K" : "") + line(migration, migration.elapsed()));
    }

    static String line(MigrationView migration, Duration elapsed) {
        long total = migration.progress("bytesListed");
        long done = Math.min(total, Math.max(migration.progress("bytesDone"), migration.progress("bytesMoved")));
        double share = total == 0 ? (migration.isAtRest() ? 1 : 0) : (double) done / total;
        int filled = (int) Math.round(share * WIDTH);
        long objects = migration.progress("objectsDone") + migration.progress("objectsAlreadyThere");
        String waits = migration.isAtRest() || migration.failure().isEmpty() ? "" : "  waits: " + migration.failure();
        return "[%s%s] %3.0f%%  %s of %s%s objects  %s  %s%s"
                .formatted(
                        "#".repeat(filled),
                        ".".repeat(WIDTH - filled),
                        share * 100,
                        Quantities.count(objects),
                        Quantities.count(migration.progress("objectsListed")),
                        migration.listingComplete() ? "" : "+",
                        Quantities.bytes(done),
                        Quantities.rate(done, elapsed),
                        waits);
    }
}
