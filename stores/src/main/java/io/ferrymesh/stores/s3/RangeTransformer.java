package io.ferrymesh.stores.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Takes a range into memory, which never holds more than was asked for. Anything but exactly that range, or less because
 * the object ends, is an {@link IOException}, so that it is asked for again.
 */
final class RangeTransformer implements AsyncResponseTransformer<GetObjectResponse, RangeTransformer.Range> {

    /** Bytes from an object. */
    static final class Range {

        private final GetObjectResponse response;
        private final long objectSize;
        private final byte[] bytes;

        private Range(GetObjectResponse response, long objectSize, byte[] bytes) {
            this.response = response;
            this.objectSize = objectSize;
            this.bytes = bytes;
        }

        GetObjectResponse response() {
            return response;
        }

        /** The size of the whole object. */
        long objectSize() {
            return objectSize;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    private final long start;
    private final int length;
    private CompletableFuture<Range> result = new CompletableFuture<>();
    private @Nullable GetObjectResponse response;
    private long objectSize;
    private byte[] bytes = new byte[0];

    RangeTransformer(long start, int length) {
        this.start = start;
        this.length = length;
    }

    @Override
    public CompletableFuture<Range> prepare() {
        result = new CompletableFuture<>();
        return result;
    }

    @Override
    public void onResponse(GetObjectResponse answer) {
        response = answer;
        String range = answer.contentRange();
        long total = range == null ? answer.contentLength() : totalOf(range);
        boolean right = range == null ? start == 0 && total <= length : range.startsWith("bytes " + start + "-");
        int expected = (int) Math.max(0, Math.min(length, total - start));
        if (!right || answer.contentLength() != expected) {
            result.completeExceptionally(new IOException("the server sent another range than was asked for"));
            return;
        }
        objectSize = total;
        bytes = new byte[expected];
    }

    @Override
    public void onStream(SdkPublisher<ByteBuffer> publisher) {
        publisher.subscribe(new Collector());
    }

    @Override
    public void exceptionOccurred(Throwable error) {
        result.completeExceptionally(error);
    }

    private static long totalOf(String range) {
        String total = range.substring(range.lastIndexOf('/') + 1);
        return total.matches("[0-9]{1,18}") ? Long.parseLong(total) : -1;
    }

    /** Copies what comes. */
    private final class Collector implements Subscriber<ByteBuffer> {

        private int filled;
        private @Nullable Subscription subscription;

        @Override
        public void onSubscribe(Subscription newSubscription) {
            subscription = newSubscription;
            if (result.isDone()) {
                newSubscription.cancel();
            } else {
                newSubscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(ByteBuffer part) {
            if (part.remaining() > bytes.length - filled) {
                Objects.requireNonNull(subscription).cancel();
                result.completeExceptionally(new IOException("the server sent more than it announced"));
                return;
            }
            int count = part.remaining();
            part.get(bytes, filled, count);
            filled += count;
        }

        @Override
        public void onError(Throwable error) {
            result.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            if (filled < bytes.length) {
                result.completeExceptionally(
                        new IOException("the server sent " + filled + " of " + bytes.length + " bytes"));
            } else {
                result.complete(new Range(Objects.requireNonNull(response), objectSize, bytes));
            }
        }
    }
}
