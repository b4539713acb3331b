package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.Pauses;
import io.ferrymesh.stores.retry.Retries;
import io.ferrymesh.stores.retry.RetryListener;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * A store in a bucket of an S3-compatible server. An object is visible from the one request that puts it there, and durable
 * as far as the server's answer means that. See docs/s3.md for what is kept, what servers must do and what the limits are.
 */
public final class S3Store implements ObjectStore {

    private static final int COMPLETION_THREADS = 2;

    /** After these it can be tried again with what the server has. */
    private static final Set<StoreError> MAY_PASS = EnumSet.of(StoreError.THROTTLED, StoreError.UNAVAILABLE);

    private final S3Tuning tuning;
    private final ExecutorService completions;
    private final CrtHttpClient http;
    private final S3AsyncClient client;
    private final Bucket bucket;
    private final Keys keys;
    private final PathQueue paths = new PathQueue();
    private final S3Writer writer;
    private final Buffers writing;
    private final Buffers reading;
    private final Semaphore permits;
    private final S3Staging staging;

    private S3Store(S3StoreOptions options, S3Tuning tuning, RetryListener listener) {
        this.tuning = tuning;
        this.completions = Executors.newFixedThreadPool(COMPLETION_THREADS, task -> {
            var thread = new Thread(task, "s3-completions");
            thread.setDaemon(true);
            return thread;
        });
        this.http = new CrtHttpClient(options.maxConnections(), S3Clients.CONNECT_TIMEOUT, tuning.requestTimeout());
        this.client = S3Clients.open(options, http, completions);
        var retries = new Retries(tuning.retries(), listener, new SecureRandom(), Pauses.REAL);
        this.bucket = new Bucket(client, options, tuning.requestTimeout(), retries);
        this.keys = new Keys(options.prefix());
        this.writer = new S3Writer(bucket, paths);
        this.writing = new Buffers(tuning.writeBytes(), tuning.spool());
        this.staging = new S3Staging(options, bucket, keys, writing);
        this.reading = new Buffers(tuning.readBytes(), tuning.spool());
        this.permits = new Semaphore(options.maxConnections());
    }

    /** Opens the store with {@link S3Tuning#DEFAULT}, counting no retries. */
    public static S3Store open(S3StoreOptions options) throws StoreException {
        return open(options, S3Tuning.DEFAULT, RetryListener.NONE);
    }

    /**
     * Opens the store in a bucket that must exist, and aborts multipart uploads below the prefix that were abandoned. Fails
     * with NOT_FOUND, NOT_READABLE, UNAVAILABLE or THROTTLED, naming the bucket.
     */
    public static S3Store open(S3StoreOptions options, S3Tuning tuning, RetryListener listener) throws StoreException {
        var store = new S3Store(options, tuning, listener);
        try {
            var unused = Futures.await(store.bucket.check());
            if (tuning.abandonedAfter().isPresent()) {
                new AbandonedUploads(store.bucket, options.prefix())
                        .abort(tuning.abandonedAfter().get());
            }
            return store;
        } catch (StoreException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    @Override
    public ObjectListing list(String prefix, Optional<ObjectPath> after) {
        return new S3Listing(bucket, keys, prefix, after.orElse(null), tuning, permits);
    }

    @Override
    public ObjectListing listSizes(String prefix) {
        return new S3Listing(bucket, keys, prefix, null, tuning.withServerTimes(true), permits);
    }

    @Override
    public void requirePath(ObjectPath path) throws StoreException {
        String unused = keys.ofNew(path);
    }

    @Override
    public void requireMetadata(ObjectPath path, ObjectMetadata metadata) throws StoreException {
        ObjectHeaders.check(path, metadata);
    }

    @Override
    public long mostBytes() {
        return S3Staging.MOST_BYTES;
    }

    /** One request, for one byte; for an empty object, which has none, another. */
    @Override
    public ObjectDetails probe(ObjectPath path) throws StoreException {
        if (path.isDirectory()) {
            return details(path);
        }
        try {
            ObjectHeaders headers =
                    Futures.await(bucket.get(keys.of(path), path, null, 0, 1)).headers();
            if (!headers.fits(path)) {
                throw notFound(path);
            }
            return headers.details(path, tuning.serverTimes());
        } catch (StoreException e) {
            if (S3Failures.isRangeNotSatisfiable(e)) {
                return details(path);
            }
            throw e;
        }
    }

    @Override
    public ObjectInfo head(ObjectPath path) throws StoreException {
        return headers(path).info(path, tuning.serverTimes());
    }

    @Override
    public ObjectDetails details(ObjectPath path) throws StoreException {
        return headers(path).details(path, tuning.serverTimes());
    }

    @Override
    public ObjectReader open(ObjectPath path) throws StoreException {
        if (path.isDirectory()) {
            return reader(path, headers(path), new byte[0]);
        }
        try {
            Bucket.Fetched first = Futures.await(bucket.get(keys.of(path), path, null, 0, S3Reader.FIRST_BYTES));
            if (!first.headers().fits(path)) {
                throw notFound(path);
            }
            return reader(path, first.headers(), first.bytes());
        } catch (StoreException e) {
            if (S3Failures.isRangeNotSatisfiable(e)) {
                return reader(path, headers(path), new byte[0]);
            }
            throw e;
        }
    }

    @Override
    public StagedObject stage(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        return staging.stage(info, metadata);
    }

    @Override
    public StagedObject stageDurably(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        return staging.stageDurably(info, metadata);
    }

    @Override
    public StagedObject resume(ObjectInfo info, ObjectMetadata metadata, String token) throws StoreException {
        return staging.resume(info, metadata, token);
    }

    @Override
    public void discard(ObjectPath path, String token) throws StoreException {
        staging.discard(path, token);
    }

    @Override
    public List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode) {
        return place(group, object -> writer.publish(object, mode));
    }

    @Override
    public PublishOutcome replace(StagedObject staged, String etag) {
        return place(List.of(staged), object -> writer.replace(object, etag)).get(0);
    }

    @Override
    public void delete(ObjectPath path) throws StoreException {
        var unused = Futures.await(
                paths.run(path, () -> there(path).thenCompose(there -> bucket.delete(keys.of(path), path, null))));
    }

    @Override
    public void delete(ObjectPath path, String etag) throws StoreException {
        var unused = Futures.await(paths.run(path, () -> there(path)
                .thenCompose(there -> there.etag().equals(etag)
                        ? deleteMatching(path, there.s3Etag())
                        : CompletableFuture.failedFuture(
                                new StoreException(StoreError.CHANGED, path + ": is another one by now")))));
    }

    @Override
    public void close() {
        staging.close();
        client.close();
        http.close();
        completions.shutdown();
    }

    /** Its requests, for tests. */
    Bucket bucket() {
        return bucket;
    }

    /** What of the bound for writing is free, for tests. */
    long freeWriteBytes() {
        return writing.free();
    }

    /** What of the bound for reading is free, for tests. */
    long freeReadBytes() {
        return reading.free();
    }

    private List<PublishOutcome> place(List<StagedObject> group, Function<S3Staged, CompletableFuture<?>> work) {
        var outcomes = Futures.<StagedObject, Object>all(group, permits, object -> {
            try {
                S3Staged mine = own(object);
                mine.beginPublishing();
                return work.apply(mine).thenApply(done -> {
                    mine.published();
                    return done;
                });
            } catch (StoreException e) {
                return CompletableFuture.failedFuture(e);
            }
        });
        for (int i = 0; i < outcomes.size(); i++) {
            StoreException failure = outcomes.get(i).failure();
            if (failure != null && MAY_PASS.contains(failure.error())) {
                group.get(i).detach();
            } else {
                group.get(i).close();
            }
        }
        var results = new ArrayList<PublishOutcome>(group.size());
        for (int i = 0; i < outcomes.size(); i++) {
            results.add(new PublishOutcome(group.get(i).info(), outcomes.get(i).failure()));
        }
        return results;
    }

    private S3Staged own(StagedObject object) throws StoreException {
        if (object instanceof S3Staged mine && mine.isOf(bucket)) {
            return mine;
        }
        throw new StoreException(StoreError.IO_ERROR, object.info().path() + ": was staged by another store");
    }

    private ObjectReader reader(ObjectPath path, ObjectHeaders headers, byte[] first) {
        return new S3Reader(
                this,
                bucket,
                reading,
                keys.of(path),
                headers.details(path, tuning.serverTimes()),
                headers.s3Etag(),
                first);
    }

    private ObjectHeaders headers(ObjectPath path) throws StoreException {
        return Futures.await(there(path));
    }

    /** What is there; a directory only while nothing lies in it. */
    private CompletableFuture<ObjectHeaders> there(ObjectPath path) {
        CompletableFuture<ObjectHeaders> headers = bucket.head(keys.of(path), path)
                .thenCompose(found -> found.fits(path)
                        ? CompletableFuture.completedFuture(found)
                        : CompletableFuture.failedFuture(notFound(path)));
        if (!path.isDirectory()) {
            return headers;
        }
        return headers.thenCompose(found -> bucket.list(keys.of(path), keys.of(path), null, 1)
                .thenCompose(below -> below.contents().isEmpty()
                        ? CompletableFuture.completedFuture(found)
                        : CompletableFuture.failedFuture(new StoreException(
                                StoreError.NOT_FOUND, path + ": is not empty, so it is no object"))));
    }

    private static StoreException notFound(ObjectPath path) {
        return new StoreException(StoreError.NOT_FOUND, path + ": not found");
    }

    private CompletableFuture<?> deleteMatching(ObjectPath path, String s3Etag) {
        String ifMatch = path.isDirectory() ? null : s3Etag; // all empty directories have the same content
        return bucket.delete(keys.of(path), path, ifMatch)
                .exceptionallyCompose(failure -> S3Failures.isNotImplemented(failure)
                        ? bucket.delete(keys.of(path), path, null)
                        : CompletableFuture.failedFuture(failure));
    }
}
