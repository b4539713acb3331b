package io.ferrymesh.cli.user;

import java.io.IOException;

/** Where a session is kept. */
public interface SessionKeeper {

    /** As it is now. */
    Session current() throws IOException;

    /** Replaces it with its successor, unless somebody else was faster than who has {@code stale}: then theirs is the result. */
    Session renewed(Session stale, Renewal renewal) throws IOException, InterruptedException;

    /** Asks the provider for the next pair. */
    @FunctionalInterface
    interface Renewal {
        Session next(Session session) throws IOException, InterruptedException;
    }

    /** Kept for as long as this process lives. */
    static SessionKeeper inMemory(Session session) {
        return new SessionKeeper() {
            private Session kept = session;

            @Override
            public synchronized Session current() {
                return kept;
            }

            @Override
            public synchronized Session renewed(Session stale, Renewal renewal)
                    throws IOException, InterruptedException {
                if (kept.access().equals(stale.access())) {
                    kept = renewal.next(kept);
                }
                return kept;
            }
        };
    }
}
