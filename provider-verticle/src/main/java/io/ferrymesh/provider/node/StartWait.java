package io.ferrymesh.provider.node;

import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.stores.StoreException;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits at the start, for so long in all, for a database or a store that is not there yet. Says so once for each. Blocking. */
final class StartWait {

    private static final Logger LOG = LoggerFactory.getLogger(StartWait.class);
    private static final long EVERY_MS = 1_000;

    /** Opens something. */
    @FunctionalInterface
    interface Opening<T> {
        T open() throws StoreException;
    }

    /** Waits so many milliseconds. */
    @FunctionalInterface
    interface Pause {
        void of(long ms) throws InterruptedException;
    }

    private final long seconds;
    private final long endsAtMs;
    private final InstantSource clock;
    private final Pause pause;

    StartWait(long seconds, InstantSource clock, Pause pause) {
        this.seconds = seconds;
        this.endsAtMs = clock.millis() + seconds * 1_000;
        this.clock = clock;
        this.pause = pause;
    }

    /** Tries until it opens, fails with something that waiting does not help, or the time is over. */
    <T> T insist(String what, Opening<T> opening) throws StoreException {
        boolean said = false;
        while (true) {
            try {
                return opening.open();
            } catch (DatabaseException | StoreException e) {
                if (!isWorthWaiting(e) || clock.millis() >= endsAtMs) {
                    throw e;
                }
                if (!said) {
                    said = true;
                    LOG.info("waiting up to {} s for {}: {}", seconds, what, e.getMessage());
                }
                sleep(e);
            }
        }
    }

    private void sleep(Exception why) {
        try {
            pause.of(Math.max(1, Math.min(EVERY_MS, endsAtMs - clock.millis())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the start was interrupted", why);
        }
    }

    private static boolean isWorthWaiting(Exception e) {
        if (e instanceof DatabaseException database) {
            return database.kind() == DatabaseException.Kind.UNAVAILABLE;
        }
        return e instanceof StoreException store
                && switch (store.error()) {
                    case UNAVAILABLE, THROTTLED -> true;
                    default -> false;
                };
    }
}
