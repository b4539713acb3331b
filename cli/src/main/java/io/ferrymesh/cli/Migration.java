package io.ferrymesh.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Plays the user for one migration: draws the grant, hands it to both providers, follows, fetches the receipt. */
final class Migration {

    private static final long POLL_MS = 100;
    private static final int ID_BYTES = 16;
    private static final int PSK_BYTES = 32;

    private final UserClient source;
    private final UserClient destination;
    private final String id = random(ID_BYTES);

    Migration(UserClient source, UserClient destination) {
        this.source = source;
        this.destination = destination;
    }

    String id() {
        return id;
    }

    /** Runs to the end, however it ends. */
    MigrationView run(String prefix, ProgressBar bar) throws IOException, InterruptedException {
        String psk = random(PSK_BYTES);
        source.grant(id, psk, prefix);
        destination.migrate(id, psk);
        MigrationView view = destination.migration(id);
        CountDownLatch never = new CountDownLatch(1);
        while (!view.over()) {
            bar.show(view);
            boolean unused = never.await(POLL_MS, TimeUnit.MILLISECONDS);
            view = destination.migration(id);
        }
        bar.finish(view);
        return view;
    }

    /** Keeps the receipt, if there is one. */
    void saveReceipt(Path file) throws IOException, InterruptedException {
        Files.write(file, destination.receipt(id));
    }

    /** Prints what did not arrive or was left out. */
    void printReport(PrintStream out) throws IOException, InterruptedException {
        Report.print(destination.report(id), out);
    }

    private static String random(int bytes) {
        byte[] value = new byte[bytes];
        new SecureRandom().nextBytes(value);
        return HexFormat.of().formatHex(value);
    }
}
