package io.ferrymesh.provider.api.streams;

import io.ferrymesh.provider.api.exchange.Answers;
import io.ferrymesh.provider.api.exchange.Views;
import io.ferrymesh.provider.api.exchange.Workers;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.ProgressView;
import io.ferrymesh.web.Problem;
import io.ferrymesh.web.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens in one migration, for one client, as server-sent events. It asks again and again, because any process of the
 * provider may be the one that moves the migration. A client that does not keep up gets less often what is new, and nothing
 * is kept for it. Event loop only.
 */
final class EventStream {

    static final String MEDIA_TYPE = "text/event-stream";

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Vertx vertx;
    private final Workers workers;
    private final EventSource source;
    private final EventTimes times;
    private final Consumer<EventStream> whenOver;
    private long after;
    private ProgressView told = ProgressView.NONE;
    private OptionalLong timer = OptionalLong.empty();
    private long ticks;
    private boolean asking;
    private boolean over;

    EventStream(
            HttpServerRequest request,
            Vertx vertx,
            Workers workers,
            EventSource source,
            EventTimes times,
            long after,
            Consumer<EventStream> whenOver) {
        this.request = request;
        this.response = request.response();
        this.vertx = vertx;
        this.workers = workers;
        this.source = source;
        this.times = times;
        this.after = after;
        this.whenOver = whenOver;
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
            timer = OptionalLong.of(vertx.setPeriodic(times.poll().toMillis(), tick -> tick()));
        }
    }

    private void tick() {
        ticks++;
        if (ticks % (times.heartbeat().toMillis() / times.poll().toMillis()) == 0) {
            heartbeat();
        } else if (!asking && !response.writeQueueFull()) {
            asking = true;
            workers.goOn(() -> source.news(after))
                    .onComplete(
                            news -> {
                                asking = false;
                                tell(news);
                            },
                            this::broken);
        }
    }

    private void heartbeat() {
        if (!response.writeQueueFull()) {
            write(Buffer.buffer(":\n\n"));
        }
        workers.goOn(source::isSessionAlive)
                .onComplete(
                        alive -> {
                            if (!alive) {
                                end();
                            }
                        },
                        this::broken);
    }

    private void tell(EventSource.News news) {
        if (over) {
            return;
        }
        Buffer text = Buffer.buffer();
        for (MigrationEvent event : news.events()) {
            after = event.number();
            text.appendString("id: " + after + "\n").appendString(event("state", Views.of(event)));
        }
        ProgressView progress = news.now().progress();
        if (!progress.equals(told)) {
            told = progress;
            text.appendString(event("progress", Views.of(progress)));
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

    private void broken(Throwable why) {
        LOG.warn("an event stream broke off", why);
        end();
    }

    /** Nobody listens any more. */
    void over() {
        if (!over) {
            over = true;
            timer.ifPresent(set -> {
                boolean unused = vertx.cancelTimer(set);
            });
            whenOver.accept(this);
        }
    }
}
