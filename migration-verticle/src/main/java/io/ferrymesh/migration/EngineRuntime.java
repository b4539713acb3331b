package io.ferrymesh.migration;

import io.vertx.core.Future;
import java.util.concurrent.Callable;

/** What lets the engine wait and work beside its callers. Any thread. */
public interface EngineRuntime {

    /** Runs {@code task} once, after so many milliseconds. */
    Timer after(long delayMs, Runnable task);

    /** Runs a step that may take a while, not on the caller's thread. Steps may run at once and in any order. */
    <T> Future<T> aside(Callable<T> step);

    /** A clock that never goes back, in nanoseconds from any start. */
    long nanoTime();

    /** Something that will happen. */
    interface Timer {
        /** Does nothing when it has happened. */
        void cancel();
    }
}
