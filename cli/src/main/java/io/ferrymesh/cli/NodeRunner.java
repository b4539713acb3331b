package io.ferrymesh.cli;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Runs one node in the foreground until it is told to stop. */
final class NodeRunner {

    private static final long START_SECONDS = 120;

    private NodeRunner() {}

    /**
     * Waits until the node is up, prints one line of JSON that says so, and stays until SIGTERM, SIGINT or, with
     * {@code stopWithStdin}, the end of standard input.
     */
    static <N extends Node> int run(Future<N> starting, Function<N, JsonObject> ready, boolean stopWithStdin)
            throws Exception {
        N node = await(starting, START_SECONDS);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopOnSignal(node, stop, stopped), "ferrymesh-signal"));
        if (stopWithStdin) {
            watchStdin(stop);
        }
        System.out.println(ready.apply(node).encode());
        stop.await();
        try {
            Object unused = await(node.stop().mapEmpty(), node.longestStop().toSeconds());
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private static <T> T await(Future<T> future, long seconds) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new IOException("the node did not start or stop within " + seconds + " s", e);
        }
    }

    private static void stopOnSignal(Node node, CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            boolean unused = stopped.await(node.longestStop().toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void watchStdin(CountDownLatch stop) {
        Thread watcher = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // whatever comes in is of no interest, only the end is
                        }
                    } catch (IOException e) {
                        System.err.println("ferrymesh: standard input: " + e.getMessage());
                    }
                    stop.countDown();
                },
                "ferrymesh-stdin");
        watcher.setDaemon(true);
        watcher.start();
    }
}
