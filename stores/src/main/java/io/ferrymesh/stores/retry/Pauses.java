package io.ferrymesh.stores.retry;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Waiting, so that tests need not. */
public interface Pauses {

    /** Real time. */
    Pauses REAL = new Pauses() {
        @Override
        public void sleep(Duration pause) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        }

        @Override
        public Executor after(Duration pause) {
            return CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    };

    /** Blocks the thread for so long. */
    void sleep(Duration pause) throws InterruptedException;

    /** Runs what it is given after so long. */
    Executor after(Duration pause);
}
