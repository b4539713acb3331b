package io.ferrymesh.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Plays the user at the destination, once the source has the grant: hands it over, follows, fetches the receipt. */
final class Migration {

    private static final long POLL_MS = 100;

    private final UserClient destination;
    private final Grant grant;

    Migration(UserClient destination, Grant grant) {
        this.destination = destination;
        this.grant = grant;
    }

    /** Runs to the end, however it ends. */
    MigrationView run(ProgressBar bar) throws IOException, InterruptedException {
        destination.migrate(grant);
        MigrationView view = destination.migration(grant.id());
        CountDownLatch never = new CountDownLatch(1);
        while (!view.over()) {
            bar.show(view);
            boolean unused = never.await(POLL_MS, TimeUnit.MILLISECONDS);
            view = destination.migration(grant.id());
        }
        bar.finish(view);
        return view;
    }

    /** As {@link #run}, with a summary and what did not arrive. Whether everything did. */
    boolean runAndReport(String data, Optional<Path> receipt, PrintStream out)
            throws IOException, InterruptedException {
        MigrationView view = run(new ProgressBar(out, Terminal.isOutput()));
        Optional<Path> kept = view.completed() ? receipt : Optional.empty();
        if (kept.isPresent()) {
            saveReceipt(kept.get());
        }
        Summary.print(view, data, kept, out);
        printReport(out);
        return view.complete();
    }

    /** Keeps the receipt, if there is one. */
    void saveReceipt(Path file) throws IOException, InterruptedException {
        Files.write(file, destination.receipt(grant.id()));
    }

    /** Prints what did not arrive or was left out. */
    void printReport(PrintStream out) throws IOException, InterruptedException {
        Report.print(destination.report(grant.id()), out);
    }
}
