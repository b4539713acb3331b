package io.ferrymesh.migration;

import java.util.concurrent.Executor;

/** Where the lanes of all migrations of a process work. Any thread. */
interface Pool extends AutoCloseable {

    /** One migration's part of it. */
    interface Share extends Executor, AutoCloseable {
        /** No other migration counts this one any more. What it was given is still run. */
        @Override
        void close();
    }

    /**
     * Takes one more migration in.
     *
     * @param owner whose it is: owners share alike
     */
    Share share(String owner);

    /** Tasks that no thread has taken yet. */
    int waiting();

    @Override
    void close();
}
