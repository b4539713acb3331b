package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Gives staged objects their place. Whether a server minds {@code If-None-Match} is found out with the first object that is
 * created: it is sent twice, and the second time must be refused. Until then, and for good with a server that does not mind,
 * the store looks before it writes, which keeps this process's writers apart but not those of others.
 */
final class S3Writer {

    private enum Conditions {
        UNKNOWN,
        TRYING,
        MINDED,
        IGNORED
    }

    private final Bucket bucket;
    private final PathQueue paths;
    private final AtomicReference<Conditions> conditions = new AtomicReference<>(Conditions.UNKNOWN);

    S3Writer(Bucket bucket, PathQueue paths) {
        this.bucket = bucket;
        this.paths = paths;
    }

    CompletableFuture<?> publish(S3Staged object, PublishMode mode) {
        return paths.run(
                object.info().path(),
                () -> mode == PublishMode.REPLACE
                        ? send(object, Condition.NONE)
                        : object.info().path().isDirectory() ? createDirectory(object) : create(object));
    }

    /** Takes the place of the object with {@code etag}, which is this store's etag and not the server's. */
    CompletableFuture<?> replace(S3Staged object, String etag) {
        return paths.run(object.info().path(), () -> bucket.head(
                        object.target().key(), object.info().path())
                .thenCompose(there ->
                        there.fits(object.info().path()) && there.etag().equals(etag)
                                ? send(object, Condition.matches(there.s3Etag()))
                                : failed(StoreError.CHANGED, object, "is another one by now", null)));
    }

    private CompletableFuture<Object> create(S3Staged object) {
        if (conditions.get() == Conditions.MINDED && object.target().isSinglePart()) {
            return send(object, Condition.ABSENT);
        }
        return isThere(object).thenCompose(there -> there ? exists(object, null) : createNew(object));
    }

    private CompletableFuture<Object> createDirectory(S3Staged object) {
        return isThere(object)
                .thenCompose(
                        there -> there ? CompletableFuture.completedFuture("there") : send(object, Condition.NONE));
    }

    private CompletableFuture<Object> createNew(S3Staged object) {
        if (conditions.get() == Conditions.IGNORED) {
            return send(object, Condition.NONE);
        }
        boolean tries =
                object.target().isSinglePart() && conditions.compareAndSet(Conditions.UNKNOWN, Conditions.TRYING);
        CompletableFuture<Object> created = send(object, Condition.ABSENT);
        return tries
                ? created.handle((value, failure) -> failure).thenCompose(failure -> learn(object, failure))
                : created;
    }

    /** Writes the same once more, which must not work. */
    private CompletableFuture<Object> learn(S3Staged object, @Nullable Throwable first) {
        if (first != null) {
            conditions.compareAndSet(Conditions.TRYING, Conditions.UNKNOWN);
            return CompletableFuture.failedFuture(first);
        }
        if (conditions.get() == Conditions.IGNORED) {
            return CompletableFuture.completedFuture("created");
        }
        return put(object, Condition.ABSENT).handle((value, failure) -> {
            Conditions found = failure == null
                    ? Conditions.IGNORED
                    : S3Failures.isConditionFailed(failure) ? Conditions.MINDED : Conditions.UNKNOWN;
            conditions.compareAndSet(Conditions.TRYING, found);
            return "created";
        });
    }

    private CompletableFuture<Object> send(S3Staged object, Condition condition) {
        CompletableFuture<Object> sent =
                object.target().isSinglePart() ? put(object, condition) : complete(object, condition);
        return sent.exceptionallyCompose(failure -> afterFailure(object, condition, S3Failures.unwrapped(failure)));
    }

    private CompletableFuture<Object> put(S3Staged object, Condition condition) {
        try {
            return bucket.put(
                    object.target().key(),
                    object.info().path(),
                    object.content(),
                    object.target().contentType(),
                    object.target().metadata(),
                    condition);
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Object> complete(S3Staged object, Condition condition) {
        return object.parts().thenCompose(parts -> object.upload()
                .thenCompose(upload ->
                        bucket.complete(object.target().key(), object.info().path(), upload, parts, condition)));
    }

    /**
     * A refused condition, or an upload that is gone, may come from an attempt before whose answer was lost: what is there
     * tells.
     */
    private CompletableFuture<Object> afterFailure(S3Staged object, Condition condition, Throwable failure) {
        if (S3Failures.isNotImplemented(failure) && !condition.equals(Condition.NONE)) {
            conditions.set(Conditions.IGNORED);
            return send(object, Condition.NONE);
        }
        boolean uploadGone = !object.target().isSinglePart()
                && failure instanceof StoreException store
                && store.error() == StoreError.NOT_FOUND;
        if (!S3Failures.isConditionFailed(failure) && !uploadGone) {
            return CompletableFuture.failedFuture(failure);
        }
        return bucket.head(object.target().key(), object.info().path())
                .thenApply(there -> there.isOf(object.target().publication()))
                .exceptionally(unknown -> false)
                .thenCompose(mine -> {
                    if (mine) {
                        return CompletableFuture.completedFuture("sent before");
                    }
                    return condition.equals(Condition.ABSENT) && !uploadGone
                            ? exists(object, failure)
                            : CompletableFuture.failedFuture(failure);
                });
    }

    private CompletableFuture<Boolean> isThere(S3Staged object) {
        return bucket.head(object.target().key(), object.info().path())
                .thenApply(there -> there.fits(object.info().path()))
                .exceptionallyCompose(
                        failure -> Futures.asStoreException(failure).error() == StoreError.NOT_FOUND
                                ? CompletableFuture.completedFuture(false)
                                : CompletableFuture.failedFuture(failure));
    }

    private static CompletableFuture<Object> exists(S3Staged object, @Nullable Throwable cause) {
        return failed(StoreError.EXISTS, object, "is there already", cause);
    }

    private static CompletableFuture<Object> failed(
            StoreError error, S3Staged object, String text, @Nullable Throwable cause) {
        String message = object.info().path() + ": " + text;
        return CompletableFuture.failedFuture(
                cause == null ? new StoreException(error, message) : new StoreException(error, message, cause));
    }
}
