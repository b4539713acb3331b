package io.ferrymesh.stores.directory;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Makes everything written so far to one file system durable with a single {@code sync -f}, which for many small files is
 * far cheaper than one fsync each. Callers that arrive while one runs share the next. Where the program is missing or does
 * not know the option, says so, and the caller syncs file by file.
 */
final class FileSystemSync {

    private final Path directory;
    private boolean usable; // this and the rest guarded by this
    private boolean running;
    private long runs;
    private long lastFailedRun;

    FileSystemSync(Path directory) {
        this.directory = directory;
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        this.usable = system.contains("linux") && FileNames.isFaithful(directory);
    }

    /** Whether everything written before the call is durable now. False also when it cannot be done at all. */
    boolean sync() {
        long needed;
        synchronized (this) {
            needed = runs + (running ? 2 : 1); // one that is under way may have passed our files already
        }
        while (true) {
            synchronized (this) {
                if (runs >= needed) {
                    return lastFailedRun < needed;
                }
                if (!usable || !awaitTurn(needed)) {
                    return false;
                }
                if (runs >= needed) {
                    continue;
                }
                running = true;
            }
            finished(run());
        }
    }

    private synchronized void finished(boolean done) {
        running = false;
        runs++;
        if (!done) {
            lastFailedRun = runs;
            usable = runs > 1; // failing the first time means that this system does not have it
        }
        notifyAll();
    }

    private synchronized boolean awaitTurn(long needed) {
        try {
            while (running && runs < needed) {
                wait();
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean run() {
        Process process;
        try {
            process = new ProcessBuilder("sync", "-f", directory.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return false;
        }
        try {
            return process.waitFor() == 0;
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
