package io.ferrymesh.it;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Looks again and again for something that will come, for a generous time. */
final class Awaiting {

    private static final long LOOK_EVERY_MS = 20;
    private static final Duration GENEROUS = Duration.ofMinutes(2);

    private Awaiting() {}

    /** What {@code look} finds in the end. */
    static <T> T until(String what, Callable<Optional<T>> look) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        for (long left = GENEROUS.toMillis() / LOOK_EVERY_MS; left > 0; left--) {
            Optional<T> found = look.call();
            if (found.isPresent()) {
                return found.get();
            }
            boolean unused = never.await(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("in vain: " + what);
    }
}
