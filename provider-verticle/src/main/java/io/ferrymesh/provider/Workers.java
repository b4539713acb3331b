package io.ferrymesh.provider;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;

/** Where work is done that would hold up an event loop. */
interface Workers {

    /** Completes on the caller's context with the task's result. */
    <T> Future<T> run(Callable<T> task);

    /** A pool of threads, in no particular order. */
    static Workers on(WorkerExecutor executor) {
        return new Workers() {
            @Override
            public <T> Future<T> run(Callable<T> task) {
                return executor.executeBlocking(task, false);
            }
        };
    }
}
