package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.Retries;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;

/**
 * The requests this store makes, each tried again as long as that may help. Every result fails with a
 * {@link StoreException}. {@code subject} is what messages name.
 */
final class Bucket {

    private static final int BYTES_PER_SECOND = 256 << 10;

    private final S3AsyncClient client;
    private final S3StoreOptions options;
    private final Duration requestTimeout;
    private final Retries retries;

    Bucket(S3AsyncClient client, S3StoreOptions options, Duration requestTimeout, Retries retries) {
        this.client = client;
        this.options = options;
        this.requestTimeout = requestTimeout;
        this.retries = retries;
    }

    /** Whether the bucket is there and may be used. */
    CompletableFuture<Object> check() {
        return run(
                "open",
                "bucket " + options.bucket(),
                false,
                () -> client.headBucket(
                        request -> request.bucket(options.bucket()).overrideConfiguration(within(0))));
    }

    CompletableFuture<ObjectHeaders> head(String key, Object subject) {
        return run("head", subject, false, () -> client.headObject(
                        request -> request.bucket(options.bucket()).key(key).overrideConfiguration(within(0)))
                .thenApply(answer -> headers(
                        answer.contentLength(),
                        answer.lastModified(),
                        answer.eTag(),
                        answer.contentType(),
                        answer.metadata())));
    }

    /** A range of an object, and of the one with {@code s3Etag} where that is given; otherwise it fails with CHANGED. */
    CompletableFuture<Fetched> get(String key, Object subject, @Nullable String s3Etag, long start, int length) {
        return run("read", subject, false, () -> client.getObject(
                        request -> request.bucket(options.bucket())
                                .key(key)
                                .range("bytes=" + start + "-" + (start + length - 1))
                                .ifMatch(s3Etag == null ? null : "\"" + s3Etag + "\"")
                                .overrideConfiguration(within(length)),
                        new RangeTransformer(start, length))
                .thenApply(Bucket::fetched));
    }

    CompletableFuture<ListObjectsV2Response> list(
            String prefix, @Nullable String after, @Nullable String token, int max) {
        return run(
                "list",
                "listing",
                false,
                () -> client.listObjectsV2(request -> request.bucket(options.bucket())
                        .prefix(prefix)
                        .startAfter(token == null ? after : null)
                        .continuationToken(token)
                        .maxKeys(max)
                        .encodingType(EncodingType.URL)
                        .overrideConfiguration(within(0))));
    }

    CompletableFuture<Object> put(
            String key,
            Object subject,
            Buffer content,
            String contentType,
            Map<String, String> metadata,
            Condition condition) {
        return run(
                "write",
                subject,
                true,
                () -> client.putObject(
                        request -> request.bucket(options.bucket())
                                .key(key)
                                .contentType(contentType)
                                .contentLength((long) content.size())
                                .metadata(metadata)
                                .checksumCRC32C(options.checksums() ? content.crc32c() : null)
                                .ifNoneMatch(condition.ifNoneMatch())
                                .ifMatch(condition.ifMatch())
                                .overrideConfiguration(within(content.size())),
                        content.body()));
    }

    CompletableFuture<Object> delete(String key, Object subject, @Nullable String s3Etag) {
        return run(
                "delete",
                subject,
                true,
                () -> client.deleteObject(request -> request.bucket(options.bucket())
                        .key(key)
                        .ifMatch(s3Etag == null ? null : "\"" + s3Etag + "\"")
                        .overrideConfiguration(within(0))));
    }

    /** Begins a multipart upload and gives its id. */
    CompletableFuture<String> begin(String key, Object subject, String contentType, Map<String, String> metadata) {
        return run(
                "write", subject, true, () -> client.createMultipartUpload(request -> request.bucket(options.bucket())
                                .key(key)
                                .contentType(contentType)
                                .metadata(metadata)
                                .checksumAlgorithm(options.checksums() ? ChecksumAlgorithm.CRC32_C : null)
                                .overrideConfiguration(within(0)))
                        .thenApply(answer -> answer.uploadId()));
    }

    CompletableFuture<CompletedPart> part(String key, Object subject, String upload, int number, Buffer content) {
        String crc = options.checksums() ? content.crc32c() : null;
        return run("write", subject, true, () -> client.uploadPart(
                        request -> request.bucket(options.bucket())
                                .key(key)
                                .uploadId(upload)
                                .partNumber(number)
                                .contentLength((long) content.size())
                                .checksumCRC32C(crc)
                                .overrideConfiguration(within(content.size())),
                        content.body())
                .thenApply(answer -> CompletedPart.builder()
                        .partNumber(number)
                        .eTag(answer.eTag())
                        .checksumCRC32C(crc)
                        .build()));
    }

    CompletableFuture<Object> complete(
            String key, Object subject, String upload, List<CompletedPart> parts, Condition condition) {
        return run(
                "write",
                subject,
                true,
                () -> client.completeMultipartUpload(request -> request.bucket(options.bucket())
                        .key(key)
                        .uploadId(upload)
                        .multipartUpload(whole -> whole.parts(parts))
                        .ifNoneMatch(condition.ifNoneMatch())
                        .ifMatch(condition.ifMatch())
                        .overrideConfiguration(within(parts.size() * BYTES_PER_SECOND / 10))));
    }

    /** The parts that an upload has after a number, a page of them. */
    CompletableFuture<ListPartsResponse> parts(String key, Object subject, String upload, int after) {
        return run(
                "list",
                subject,
                false,
                () -> client.listParts(request -> request.bucket(options.bucket())
                        .key(key)
                        .uploadId(upload)
                        .partNumberMarker(after)
                        .overrideConfiguration(within(0))));
    }

    CompletableFuture<Object> abort(String key, Object subject, String upload) {
        return run(
                "abort",
                subject,
                true,
                () -> client.abortMultipartUpload(request -> request.bucket(options.bucket())
                        .key(key)
                        .uploadId(upload)
                        .overrideConfiguration(within(0))));
    }

    /** The same, waiting for it, as parts that nobody completes are paid for. One that cannot be aborted is left for later. */
    void abortAndWait(String key, Object subject, CompletableFuture<String> upload) {
        try {
            var unused = Futures.await(upload.thenCompose(id -> abort(key, subject, id)));
        } catch (StoreException e) {
            // aborted when a store opens later: S3Store
        }
    }

    CompletableFuture<ListMultipartUploadsResponse> uploads(
            String prefix, @Nullable String afterKey, @Nullable String afterUpload) {
        return run(
                "list",
                "unfinished uploads",
                false,
                () -> client.listMultipartUploads(request -> request.bucket(options.bucket())
                        .prefix(prefix)
                        .keyMarker(afterKey)
                        .uploadIdMarker(afterUpload)
                        .overrideConfiguration(within(0))));
    }

    private <T> CompletableFuture<T> run(
            String operation,
            Object subject,
            boolean writing,
            Supplier<? extends CompletableFuture<? extends T>> request) {
        return retries.callAsync(operation, () -> attempt(subject, writing, request));
    }

    private static <T> CompletableFuture<T> attempt(
            Object subject, boolean writing, Supplier<? extends CompletableFuture<? extends T>> request) {
        var translated = new CompletableFuture<T>();
        CompletableFuture<? extends T> running = request.get();
        var unused = running.whenComplete((value, failure) -> {
            if (failure == null) {
                translated.complete(value);
            } else {
                translated.completeExceptionally(S3Failures.translate(failure, subject, writing));
            }
        });
        var unusedCancel = translated.whenComplete((value, failure) -> {
            if (translated.isCancelled()) {
                running.cancel(true);
            }
        });
        return translated;
    }

    private AwsRequestOverrideConfiguration within(long bytes) {
        Duration timeout = requestTimeout.plusSeconds(bytes / BYTES_PER_SECOND);
        return AwsRequestOverrideConfiguration.builder()
                .apiCallAttemptTimeout(timeout)
                .build();
    }

    private static Fetched fetched(RangeTransformer.Range range) {
        var answer = range.response();
        return new Fetched(
                headers(
                        range.objectSize(),
                        answer.lastModified(),
                        answer.eTag(),
                        answer.contentType(),
                        answer.metadata()),
                range.bytes());
    }

    private static ObjectHeaders headers(
            @Nullable Long size,
            @Nullable Instant stored,
            @Nullable String etag,
            @Nullable String contentType,
            @Nullable Map<String, String> metadata) {
        return new ObjectHeaders(
                size == null ? 0 : size,
                stored == null ? Instant.EPOCH : stored,
                etag == null ? "" : etag.replace("\"", ""),
                contentType,
                metadata == null ? Map.of() : metadata);
    }

    /** Bytes of an object and what the server said of it with them. */
    static final class Fetched {

        private final ObjectHeaders headers;
        private final byte[] bytes;

        private Fetched(ObjectHeaders headers, byte[] bytes) {
            this.headers = headers;
            this.bytes = bytes;
        }

        ObjectHeaders headers() {
            return headers;
        }

        byte[] bytes() {
            return bytes;
        }
    }
}
