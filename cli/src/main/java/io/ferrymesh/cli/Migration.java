package io.ferrymesh.cli;

import io.ferrymesh.cli.user.MigrationClient;
import io.ferrymesh.cli.user.RefusedException;
import io.ferrymesh.cli.user.UserClient;
import io.vertx.core.json.JsonObject;
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

    /** A provider that restarts, or is replaced by another process, goes on with what it did: that is waited for. */
    private static final int TRIES_WHILE_AWAY = 60;

    private static final long TRY_AGAIN_MS = 1_000;

    private final MigrationClient destination;
    private final Grant grant;
    private final Optional<JsonObject> options;
    private final CountDownLatch never = new CountDownLatch(1);

    Migration(UserClient destination, Grant grant) {
        this(destination, grant, Optional.empty());
    }

    Migration(UserClient destination, Grant grant, Optional<JsonObject> options) {
        this.destination = new MigrationClient(destination);
        this.grant = grant;
        this.options = options;
    }

    /** Runs until nothing more happens by itself, however that comes. */
    MigrationView run(ProgressBar bar) throws IOException, InterruptedException {
        destination.migrate(grant.json(), options);
        MigrationView view = look();
        while (!view.isAtRest()) {
            bar.show(view);
            pause(POLL_MS);
            view = look();
        }
        bar.finish(view);
        return view;
    }

    private MigrationView look() throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return new MigrationView(destination.migration(grant.id()));
            } catch (IOException e) {
                boolean refusedForGood = e instanceof RefusedException refused && !refused.isPassing();
                if (refusedForGood || tries == TRIES_WHILE_AWAY) {
                    throw e;
                }
                pause(TRY_AGAIN_MS);
            }
        }
    }

    private void pause(long ms) throws InterruptedException {
        boolean unused = never.await(ms, TimeUnit.MILLISECONDS);
    }

    /** As {@link #run}, with a summary and what did not arrive. Whether everything did. */
    boolean runAndReport(String data, Optional<Path> receipt, PrintStream out)
            throws IOException, InterruptedException {
        MigrationView view = run(new ProgressBar(out, Terminal.isOutput()));
        Optional<Path> kept = view.hasReceipt() ? receipt : Optional.empty();
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
        Report report = new Report(out);
        destination.report(grant.id(), report::entry);
        report.end();
    }
}
