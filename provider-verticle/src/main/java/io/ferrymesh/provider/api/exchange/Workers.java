package io.ferrymesh.provider.api.exchange;

import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that services and stores are called on, and how many calls may be under way or wait for one. Called on event
 * loops, where the results come back.
 */
public final class Workers implements Calls {

    private static final long LONGEST_CALL_MINUTES = 10;
    private static final long RETRY_SECONDS = 1;

    private final WorkerExecutor threads;
    private final int most;
    private final AtomicInteger underWay = new AtomicInteger();

    /** With so many threads of their own, named for what they do, and so many calls that wait for one. */
    public Workers(Vertx vertx, String name, int threads, int waiting) {
        this.threads = vertx.createSharedWorkerExecutor(
                "ferrymesh-provider-" + name, threads, LONGEST_CALL_MINUTES, TimeUnit.MINUTES);
        this.most = threads + waiting;
    }

    /** OVERLOADED if too much waits. */
    @Override
    public <T> Future<T> run(Callable<T> call) {
        if (underWay.incrementAndGet() > most) {
            underWay.decrementAndGet();
            return Future.failedFuture(new ServiceException(
                    ServiceError.OVERLOADED,
                    "too many requests wait already; nothing was done",
                    OptionalLong.of(RETRY_SECONDS)));
        }
        return begun(call).onComplete(done -> underWay.decrementAndGet());
    }

    @Override
    public <T> Future<T> goOn(Callable<T> call) {
        return begun(call);
    }

    /** Vert.x ends its threads before its timers and connections, which may ask for them until then. */
    private <T> Future<T> begun(Callable<T> call) {
        try {
            return threads.executeBlocking(call, false);
        } catch (RejectedExecutionException ended) {
            return Future.failedFuture(new ServiceException(
                    ServiceError.UNAVAILABLE, "the provider is being stopped", OptionalLong.of(RETRY_SECONDS)));
        }
    }
}
