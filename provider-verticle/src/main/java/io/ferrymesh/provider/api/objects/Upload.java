package io.ferrymesh.provider.api.objects;

import io.ferrymesh.provider.api.exchange.Calls;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request's body to a sink, in order, a batch being written while the next arrives: at most two batches are in memory,
 * however large the body is. Event loop only, but for the sink.
 */
final class Upload<T> {

    /** Where the body goes. Worker threads, one at a time. */
    interface Sink {
        void write(byte[] bytes) throws Exception;
    }

    /** From when on a batch is written. */
    private static final int BATCH_BYTES = 128 << 10;

    /** What is written at once, at most. */
    private static final int BLOCK_BYTES = 256 << 10;

    /** From when on the client has to wait. */
    private static final int MOST_ARRIVING_BYTES = 1 << 20;

    private final HttpServerRequest request;
    private final Calls workers;
    private final Sink sink;
    private final Callable<T> last;
    private final Promise<T> done = Promise.promise();
    private List<Buffer> arriving = new ArrayList<>();
    private int arrivingBytes;
    private boolean writing;
    private boolean ended;
    private boolean over;
    private @Nullable Throwable failure;

    private Upload(HttpServerRequest request, Calls workers, Sink sink, Callable<T> last) {
        this.request = request;
        this.workers = workers;
        this.sink = sink;
        this.last = last;
    }

    /**
     * Resumes a request that is paused. Completes with what {@code last} gives, which runs after the last byte was written;
     * fails if that fails, or a write does, or the client goes away. Nothing runs any more when it completes.
     */
    static <T> Future<T> receive(HttpServerRequest request, Calls workers, Sink sink, Callable<T> last) {
        return new Upload<>(request, workers, sink, last).receive();
    }

    private Future<T> receive() {
        if (request.isEnded()) {
            ended = true;
            proceed();
            return done.future();
        }
        request.exceptionHandler(this::broken)
                .handler(this::arrived)
                .endHandler(end -> {
                    ended = true;
                    proceed();
                })
                .resume();
        return done.future();
    }

    private void arrived(Buffer part) {
        if (over || failure != null) {
            return;
        }
        arriving.add(part);
        arrivingBytes += part.length();
        if (arrivingBytes >= MOST_ARRIVING_BYTES) {
            request.pause();
        }
        proceed();
    }

    private void broken(Throwable why) {
        if (!ended) {
            failure = why;
            proceed();
        }
    }

    private void proceed() {
        if (over || writing) {
            return;
        }
        Throwable why = failure;
        if (why != null) {
            over = true;
            done.fail(why);
        } else if (ended || arrivingBytes >= BATCH_BYTES) {
            write(ended);
        }
    }

    private void write(boolean all) {
        List<Buffer> batch = arriving;
        int bytes = arrivingBytes;
        boolean paused = bytes >= MOST_ARRIVING_BYTES;
        arriving = new ArrayList<>();
        arrivingBytes = 0;
        writing = true;
        Future<@Nullable T> written = workers.goOn(() -> {
            pass(batch, bytes);
            return all ? last.call() : null;
        });
        if (paused && !all) {
            request.resume();
        }
        written.onComplete(result -> written(all, result), failed -> {
            writing = false;
            failure = failed;
            proceed();
        });
    }

    /** Parts arrive small, and writing costs by the call: so they are put together. Worker threads. */
    private void pass(List<Buffer> batch, int bytes) throws Exception {
        int left = bytes;
        byte[] block = new byte[Math.min(left, BLOCK_BYTES)];
        int filled = 0;
        for (Buffer part : batch) {
            int taken = 0;
            while (taken < part.length()) {
                int length = Math.min(part.length() - taken, block.length - filled);
                part.getBytes(taken, taken + length, block, filled);
                taken += length;
                filled += length;
                if (filled == block.length) {
                    sink.write(block);
                    left -= filled;
                    block = new byte[Math.min(left, BLOCK_BYTES)];
                    filled = 0;
                }
            }
        }
    }

    private void written(boolean all, @Nullable T result) {
        writing = false;
        if (all) {
            over = true;
            done.complete(result);
        } else {
            proceed();
        }
    }
}
