package io.ferrymesh.provider.api.streams;

import io.ferrymesh.provider.api.exchange.Answers;
import io.ferrymesh.provider.api.exchange.Workers;
import io.ferrymesh.web.Problem;
import io.ferrymesh.web.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens in one migration, or to one account, for one client, as server-sent events. A client that does not keep up gets less often what is
 * new, and nothing is kept for it. Event loop only.
 */
final class EventStream {

    static final String MEDIA_TYPE = "text/event-stream";

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** Whoever keeps account of streams. */
    interface Owner {

        /** It has told what was there, and is to be told what comes. */
        void begun(EventStream stream);

        /** Nobody listens any more. */
        void over(EventStream stream);
    }

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Workers workers;
    private final EventSource source;
    private final String session;
    private final Owner owner;
    private long after;
    private Optional<JsonObject> told = Optional.empty();
    private boolean over;

    EventStream(
            HttpServerRequest request, Workers workers, EventSource source, String session, long after, Owner owner) {
        this.request = request;
        this.response = request.response();
        this.workers = workers;
        this.source = source;
        this.session = session;
        this.after = after;
        this.owner = owner;
    }

    EventSource source() {
        return source;
    }

    /** The session it was asked for in. */
    String session() {
        return session;
    }

    /** The number of the last event it was told. */
    long after() {
        return after;
    }

    boolean keepsUp() {
        return !response.writeQueueFull();
    }

    /** Refuses, says that there is nothing more to come, or streams. */
    void begin() {
        if (response.closed()) {
            over();
            return;
        }
        workers.run(() -> source.news(after)).onComplete(this::stream, why -> {
            over();
            Answers.refuse(request, why);
        });
    }

    /** Ends it; the client may ask again with the last number it has. */
    void end() {
        if (over) {
            return;
        }
        over();
        if (response.headWritten()) {
            response.end().onFailure(gone -> LOG.debug("the client went away", gone));
        } else {
            Answers.refuse(request, new Problem(503, "UNAVAILABLE", "the provider is being stopped").retryAfter(1));
        }
    }

    private void stream(EventSource.News news) {
        if (over) {
            return;
        }
        if (news.isLast() && news.events().isEmpty()) {
            over();
            Answers.send(request, Reply.empty(204));
            return;
        }
        response.putHeader("Content-Type", MEDIA_TYPE).setChunked(true);
        tell(news);
        if (!over) {
            owner.begun(this);
        }
    }

    /** Says something when there is nothing to say. */
    void heartbeat() {
        if (keepsUp()) {
            write(Buffer.buffer(":\n\n"));
        }
    }

    /** Passes on what it has not told yet; nothing of what begins too late for it. */
    void tell(EventSource.News news) {
        if (over || news.after() > after) {
            return;
        }
        Buffer text = Buffer.buffer();
        for (EventSource.Item event : news.events()) {
            if (event.number() > after) {
                after = event.number();
                text.appendString("id: " + after + "\n").appendString(event(event.type(), event.data()));
            }
        }
        if (news.progress().isPresent() && !news.progress().equals(told)) {
            told = news.progress();
            text.appendString(event("progress", news.progress().get()));
        }
        if (text.length() > 0) {
            write(text);
        }
        if (news.isLast()) {
            end();
        }
    }

    private static String event(String type, JsonObject data) {
        return "event: " + type + "\ndata: " + data.encode() + "\n\n";
    }

    private void write(Buffer text) {
        response.write(text).onFailure(gone -> LOG.debug("the client went away", gone));
    }

    /** Nobody listens any more. */
    void over() {
        if (!over) {
            over = true;
            owner.over(this);
        }
    }
}
