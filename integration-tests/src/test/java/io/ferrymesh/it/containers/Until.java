package io.ferrymesh.it.containers;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Looks again and again at what nobody can be asked to report. */
final class Until {

    private static final long GENEROUS_S = 120;
    private static final long LOOK_EVERY_MS = 20;

    private Until() {}

    /** Returns when a time is over in which something that nobody can see goes on, or goes wrong. */
    static void over(Duration time) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns once the condition holds; fails when it does not within two minutes. */
    static void isTrue(Callable<Boolean> condition) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(GENEROUS_S);
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("did not come true within " + GENEROUS_S + " s");
            }
            boolean unused = never.await(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Returns once what is looked at is as wanted; fails with what was seen last when it does not become so in that time. */
    static <T> void is(T wanted, Callable<T> look) throws Exception {
        AtomicReference<T> seen = new AtomicReference<>();
        try {
            isTrue(() -> {
                seen.set(look.call());
                return wanted.equals(seen.get());
            });
        } catch (AssertionError e) {
            throw new AssertionError(wanted + " is wanted, and there was " + seen.get(), e);
        }
    }
}
