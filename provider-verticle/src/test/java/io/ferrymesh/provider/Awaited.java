package io.ferrymesh.provider;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what others do. */
final class Awaited {

    private static final long GENEROUS_S = 30;

    private Awaited() {}

    static <T> T await(Future<T> future) {
        try {
            return future.await(GENEROUS_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
