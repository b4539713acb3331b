package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waiting for what goes on without a thread. */
final class Futures {

    private Futures() {}

    /** The result, or the failure as a {@link StoreException}. Interrupted, it stops the work and fails with IO_ERROR. */
    static <T> T await(CompletableFuture<T> future) throws StoreException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new StoreException(StoreError.IO_ERROR, "interrupted", e);
        } catch (ExecutionException | CancellationException e) {
            throw asStoreException(e);
        }
    }

    /**
     * Starts one piece of work for each item, as many at once as there are permits, and gives the results in order: a value
     * or a failure each. The calling thread waits.
     */
    static <A, B> List<Outcome<B>> all(List<A> items, Semaphore permits, Function<A, CompletableFuture<B>> work) {
        List<CompletableFuture<Outcome<B>>> running = new ArrayList<>(items.size());
        for (A item : items) {
            permits.acquireUninterruptibly();
            CompletableFuture<B> started;
            try {
                started = work.apply(item);
            } catch (RuntimeException e) {
                started = CompletableFuture.failedFuture(e);
            }
            running.add(started.handle((value, failure) -> {
                permits.release();
                return failure == null ? new Outcome<>(value, null) : new Outcome<>(null, asStoreException(failure));
            }));
        }
        return running.stream().map(CompletableFuture::join).toList();
    }

    static StoreException asStoreException(Throwable failure) {
        Throwable cause = failure instanceof ExecutionException && failure.getCause() != null
                ? failure.getCause()
                : S3Failures.unwrapped(failure);
        return cause instanceof StoreException store
                ? store
                : new StoreException(StoreError.IO_ERROR, "not done: " + cause, cause);
    }

    /** One of a value and a failure. */
    record Outcome<B>(@Nullable B value, @Nullable StoreException failure) {}
}
