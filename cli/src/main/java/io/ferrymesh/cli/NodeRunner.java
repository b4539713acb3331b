package io.ferrymesh.cli;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Runs one node in the foreground until it is told to stop. */
final class NodeRunner {

    private NodeRunner() {}

    /**
     * Waits until the node is up, prints one line of JSON that says so, and stays until SIGTERM, SIGINT or, with
     * {@code stopWithStdin}, the end of standard input. Told so before the node is up, it stops what there is of it.
     */
    static <N extends Node> int run(Launch<N> launch, Function<N, JsonObject> ready, boolean stopWithStdin)
            throws Exception {
        CompletableFuture<Void> stop = new CompletableFuture<>();
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopOnSignal(launch, stop, stopped), "ferrymesh-signal"));
        if (stopWithStdin) {
            watchStdin(stop);
        }
        try {
            run(launch, ready, stop);
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    /** The same until {@code stop} completes. */
    static <N extends Node> void run(Launch<N> launch, Function<N, JsonObject> ready, CompletableFuture<Void> stop)
            throws Exception {
        Optional<N> node = started(launch, stop);
        if (node.isPresent()) {
            System.out.println(ready.apply(node.get()).encode());
            Object unused = stop.get();
        }
        stop(launch);
    }

    /** Empty when it was to stop before. */
    private static <N extends Node> Optional<N> started(Launch<N> launch, CompletableFuture<Void> stop)
            throws Exception {
        CompletableFuture<N> starting = launch.start().toCompletionStage().toCompletableFuture();
        Duration longest = launch.longestStart();
        try {
            Object unused = CompletableFuture.anyOf(starting, stop).get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return starting.isDone() ? Optional.of(starting.get()) : Optional.empty();
        } catch (ExecutionException e) {
            throw cause(e);
        } catch (TimeoutException e) {
            String message = "the node did not start within " + longest.toSeconds() + " s: it was " + launch.stage();
            IOException late = new IOException(message, e);
            try {
                stop(launch);
            } catch (Exception failure) {
                late.addSuppressed(failure);
            }
            throw late;
        }
    }

    private static void stop(Launch<?> launch) throws Exception {
        Duration longest = launch.longestStop();
        Future<Void> stopping = launch.stop();
        try {
            Object unused = stopping.mapEmpty()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw cause(e);
        } catch (TimeoutException e) {
            throw new IOException("the node did not stop within " + longest.toSeconds() + " s", e);
        }
    }

    private static Exception cause(ExecutionException e) {
        return e.getCause() instanceof Exception cause ? cause : e;
    }

    private static void stopOnSignal(Launch<?> launch, CompletableFuture<Void> stop, CountDownLatch stopped) {
        boolean unusedToo = stop.complete(null);
        try {
            boolean unused = stopped.await(launch.longestStop().toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void watchStdin(CompletableFuture<Void> stop) {
        Thread watcher = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // whatever comes in is of no interest, only the end is
                        }
                    } catch (IOException e) {
                        System.err.println("ferrymesh: standard input: " + e.getMessage());
                    }
                    boolean unused = stop.complete(null);
                },
                "ferrymesh-stdin");
        watcher.setDaemon(true);
        watcher.start();
    }
}
