package io.ferrymesh.provider.api.exchange;

import io.vertx.core.Future;
import java.util.concurrent.Callable;

/** Where services and stores are called, away from event loops. Called on event loops, where the results come back. */
public interface Calls {

    /** Begins something new; fails if too much waits already. */
    <T> Future<T> run(Callable<T> call);

    /**
     * Goes on with something that has begun, however much waits. Who calls it has one such call under way at a time, so
     * connections bound them.
     */
    <T> Future<T> goOn(Callable<T> call);
}
