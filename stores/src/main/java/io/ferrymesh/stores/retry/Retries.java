package io.ferrymesh.stores.retry;

import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Tries again what failed with a {@link TransientFailure}, as a {@link RetryPolicy} says. Whatever is given to it must be
 * safe to do twice. Safe for concurrent use where the random generator is.
 */
public final class Retries {

    private final RetryPolicy policy;
    private final RetryListener listener;
    private final RandomGenerator random;
    private final Pauses pauses;

    /** Retries that wait by {@code pauses}. */
    public Retries(RetryPolicy policy, RetryListener listener, RandomGenerator random, Pauses pauses) {
        this.policy = policy;
        this.listener = listener;
        this.random = random;
        this.pauses = pauses;
    }

    /**
     * Runs attempts on this thread until one succeeds or fails for good. Interrupted while it waits, it fails with IO_ERROR
     * and leaves the thread's mark.
     *
     * @param operation for the listener, one of a small set of names
     */
    public <T> T call(String operation, Attempt<T> attempt) throws StoreException {
        for (int number = 1; ; number++) {
            try {
                return attempt.run();
            } catch (TransientFailure e) {
                Optional<Duration> delay = policy.delay(number, e.retryAfter(), random);
                if (delay.isEmpty()) {
                    throw e.failure();
                }
                listener.retrying(operation, e.failure().error());
                pause(delay.get(), e);
            }
        }
    }

    /**
     * Starts attempts one after the other until one succeeds or fails for good; the result then fails with the
     * {@link StoreException}, or with whatever else an attempt failed with. Cancelling the result ends the attempts.
     *
     * @param operation for the listener, one of a small set of names
     */
    public <T> CompletableFuture<T> callAsync(String operation, Supplier<CompletableFuture<T>> attempt) {
        var result = new CompletableFuture<T>();
        start(operation, attempt, 1, result);
        return result;
    }

    private <T> void start(
            String operation, Supplier<CompletableFuture<T>> attempt, int number, CompletableFuture<T> result) {
        if (result.isDone()) {
            return;
        }
        CompletableFuture<T> running;
        try {
            running = attempt.get();
        } catch (RuntimeException e) {
            running = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<T> started = running;
        var unusedCancel = result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                started.cancel(true);
            }
        });
        var unused = started.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                failed(operation, attempt, number, unwrapped(failure), result);
            }
        });
    }

    private <T> void failed(
            String operation,
            Supplier<CompletableFuture<T>> attempt,
            int number,
            Throwable failure,
            CompletableFuture<T> result) {
        if (!(failure instanceof TransientFailure again)) {
            result.completeExceptionally(failure);
            return;
        }
        Optional<Duration> delay = policy.delay(number, again.retryAfter(), random);
        if (delay.isEmpty()) {
            result.completeExceptionally(again.failure());
            return;
        }
        listener.retrying(operation, again.failure().error());
        pauses.after(delay.get()).execute(() -> start(operation, attempt, number + 1, result));
    }

    private void pause(Duration delay, TransientFailure before) throws StoreException {
        try {
            pauses.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            before.failure().addSuppressed(e);
            throw new StoreException(
                    StoreError.IO_ERROR,
                    "interrupted, after " + before.failure().getMessage(),
                    before.failure());
        }
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Something that can be tried more than once. */
    public interface Attempt<T> {
        /** Tries it once; a {@link TransientFailure} asks for another attempt. */
        T run() throws StoreException, TransientFailure;
    }
}
