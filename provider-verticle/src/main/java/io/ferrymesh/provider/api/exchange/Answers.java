package io.ferrymesh.provider.api.exchange;

import io.ferrymesh.web.Problem;
import io.ferrymesh.web.Reply;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.channels.ClosedChannelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives requests their answers. Event loop only. */
public final class Answers {

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    /** A whole answer. */
    public static void send(HttpServerRequest request, Reply reply) {
        reply.send(request).onFailure(gone -> LOG.debug("the client went away before its answer did", gone));
    }

    /** A refusal; if the answer has begun, the connection is closed instead, so that nobody takes it for whole. */
    public static void refuse(HttpServerRequest request, Throwable why) {
        HttpServerResponse response = request.response();
        boolean gone = why instanceof HttpClosedException || why instanceof ClosedChannelException;
        if (gone || response.closed() || response.ended()) {
            LOG.debug("the client went away", why);
            return;
        }
        Problem problem = Refusals.of(why);
        LOG.info("refused {} {}: {}", request.method(), problem.status(), problem.code());
        if (response.headWritten()) {
            breakOff(request);
        } else {
            // what was said of an object is not true of a refusal
            response.headers()
                    .remove("Content-Disposition")
                    .remove("Last-Modified")
                    .remove("ETag");
            send(request, Reply.problem(problem).with("Cache-Control", "no-store"));
        }
    }

    /** Ends an answer that cannot be completed so that the client knows. */
    public static void breakOff(HttpServerRequest request) {
        request.connection().close().onFailure(e -> LOG.debug("closing a connection failed", e));
    }
}
