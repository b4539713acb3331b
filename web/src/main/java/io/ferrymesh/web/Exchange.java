package io.ferrymesh.web;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A request that knows how much of its body is wanted, and so whom it waits for: its client or this process. Event loop only.
 */
final class Exchange extends HttpServerRequestWrapper {

    /** Whom a request waits for. */
    enum Phase {
        /** The client, for its body. */
        RECEIVING,
        /** This process, which takes as long as it takes. */
        WORKING,
        /** The client, which does not take its answer. */
        SENDING,
        /** The client, which sends on though it has its answer. */
        DISCARDING,
        /** Nobody. */
        DONE
    }

    private long wanted = Long.MAX_VALUE;

    Exchange(HttpServerRequest request) {
        super((HttpServerRequestInternal) request);
    }

    Phase phase() {
        HttpServerResponse response = response();
        if (response.headWritten() && !response.closed() && !isTaken()) {
            return Phase.SENDING;
        }
        if (response.ended() || response.closed()) {
            return isEnded() ? Phase.DONE : Phase.DISCARDING;
        }
        return isEnded() || wanted == 0 ? Phase.WORKING : Phase.RECEIVING;
    }

    /**
     * Whether the client takes what is written. The response's own queue counts messages, and is not full with a few large ones
     * or when the last has been written.
     */
    private boolean isTaken() {
        return ((HttpServerConnection) connection())
                .channelHandlerContext()
                .channel()
                .isWritable();
    }

    /** In both directions. */
    long bytes() {
        return bytesRead() + response().bytesWritten();
    }

    @Override
    public HttpServerRequest handler(@Nullable Handler<Buffer> handler) {
        super.handler(
                handler == null
                        ? null
                        : part -> {
                            if (wanted != Long.MAX_VALUE && wanted > 0) {
                                wanted--;
                            }
                            handler.handle(part);
                        });
        return this;
    }

    @Override
    public HttpServerRequest pause() {
        wanted = 0;
        super.pause();
        return this;
    }

    @Override
    public HttpServerRequest resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public HttpServerRequest fetch(long amount) {
        wanted = wanted + amount < 0 ? Long.MAX_VALUE : wanted + amount;
        super.fetch(amount);
        return this;
    }

    // What is called in one breath with the above must come back here, and not to the request inside.

    @Override
    public HttpServerRequest exceptionHandler(@Nullable Handler<Throwable> failed) {
        super.exceptionHandler(failed);
        return this;
    }

    @Override
    public HttpServerRequest endHandler(@Nullable Handler<Void> ended) {
        super.endHandler(ended);
        return this;
    }

    @Override
    public HttpServerRequest setExpectMultipart(boolean expect) {
        super.setExpectMultipart(expect);
        return this;
    }

    @Override
    public HttpServerRequest uploadHandler(@Nullable Handler<HttpServerFileUpload> upload) {
        super.uploadHandler(upload);
        return this;
    }
}
