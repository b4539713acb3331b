package io.ferrymesh.migration;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/** Timers and worker threads of Vert.x. */
record VertxRuntime(Vertx vertx) implements EngineRuntime {

    @Override
    public Timer after(long delayMs, Runnable task) {
        long id = vertx.setTimer(delayMs, due -> task.run());
        return () -> {
            boolean unused = vertx.cancelTimer(id);
        };
    }

    @Override
    public <T> Future<T> aside(Callable<T> step) {
        return vertx.executeBlocking(step, false);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
