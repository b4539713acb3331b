package io.ferrymesh.mesh.bus;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.Limits;
import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.RequestHandler;
import io.ferrymesh.mesh.stream.CallerContext;
import io.ferrymesh.mesh.stream.Carrier;
import io.ferrymesh.mesh.stream.Owner;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests and their replies, over the same addresses and codec as streams: the bus's own replies are not used, so nothing
 * but our messages is ever decoded. Public methods from any thread, the rest event loop only.
 */
final class Requests {

    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

    private record Waiting(Promise<Buffer> reply, Optional<Id128> expected, long timer) {}

    private record Answering(RequestHandler handler, Owner owner) {}

    private final Id128 self;
    private final BusCarrier carrier;
    private final ContextInternal timers;
    private final Executor loop;
    private final MeshCounters counters;
    private final MeshOptions options;
    private final Supplier<Id128> ids;

    private final Map<String, Answering> topics = new ConcurrentHashMap<>();
    private final Map<String, Answering> services = new ConcurrentHashMap<>();
    private final Map<Id128, Waiting> waiting = new HashMap<>();
    private int working;
    private boolean closed;

    Requests(
            Id128 self,
            BusCarrier carrier,
            ContextInternal timers,
            Executor loop,
            MeshCounters counters,
            MeshOptions options,
            Supplier<Id128> ids) {
        this.self = self;
        this.carrier = carrier;
        this.timers = timers;
        this.loop = loop;
        this.counters = counters;
        this.options = options;
        this.ids = ids;
    }

    // any thread

    void onRequest(String topic, RequestHandler handler, Owner owner) {
        if (topics.putIfAbsent(topic, new Answering(handler, owner)) != null) {
            throw new IllegalStateException("requests of this topic have a handler already: " + topic);
        }
    }

    void onService(String service, RequestHandler handler, Owner owner) {
        if (services.putIfAbsent(service, new Answering(handler, owner)) != null) {
            throw new IllegalStateException("this process answers for the service already: " + service);
        }
    }

    Future<Buffer> ask(Id128 peer, String topic, Buffer payload) {
        return ask(carrier.to(peer), Optional.of(peer), topic, payload);
    }

    Future<Buffer> askService(String service, Buffer payload) {
        return ask(carrier.toService(service), Optional.empty(), service, payload);
    }

    private Future<Buffer> ask(Carrier.Line line, Optional<Id128> expected, String subject, Buffer payload) {
        if (payload.length() > Limits.MAX_REQUEST_BYTES) {
            return Future.failedFuture(new MeshException(
                    ErrorCode.INVALID_MESSAGE, "a request has at most " + Limits.MAX_REQUEST_BYTES + " bytes"));
        }
        Promise<Buffer> reply = CallerContext.promise();
        loop.execute(() -> doAsk(line, expected, subject, payload, reply));
        return reply.future();
    }

    // event loop only

    private void doAsk(
            Carrier.Line line, Optional<Id128> expected, String subject, Buffer payload, Promise<Buffer> reply) {
        if (closed) {
            reply.fail(new MeshException(ErrorCode.UNAVAILABLE, "this process is leaving"));
            return;
        }
        if (waiting.size() >= options.maxRequests()) {
            reply.fail(new MeshException(ErrorCode.OVERLOADED, waiting.size() + " requests wait for a reply"));
            return;
        }
        Id128 id = ids.get();
        long timer =
                timers.setTimer(options.requestTimeoutMs(), t -> fail(id, ErrorCode.UNAVAILABLE, "no reply in time"));
        waiting.put(id, new Waiting(reply, expected, timer));
        line.send(new Message.Request(self, id, subject, payload))
                .onFailure(cause ->
                        loop.execute(() -> fail(id, ErrorCode.UNAVAILABLE, String.valueOf(cause.getMessage()))));
    }

    private void fail(Id128 id, ErrorCode code, String why) {
        Waiting asked = waiting.get(id);
        if (asked != null) {
            stopWaiting(id, asked);
            asked.reply.fail(new MeshException(code, why));
        }
    }

    void received(Message.Reply reply) {
        Waiting asked = awaited(reply.from(), reply.id());
        if (asked != null) {
            asked.reply.complete(reply.payload());
        }
    }

    void received(Message.Failure failure) {
        Waiting asked = awaited(failure.from(), failure.id());
        if (asked != null) {
            asked.reply.fail(new MeshException(failure.code(), "refused by the peer"));
        }
    }

    /** Takes the request that this answers out of those that wait, if it is one and from whom it was asked. */
    private @Nullable Waiting awaited(Id128 from, Id128 id) {
        Waiting asked = waiting.get(id);
        if (asked == null || !asked.expected.map(from::equals).orElse(true)) {
            counters.count(Event.UNKNOWN_REPLY); // late, forged or replayed
            return null;
        }
        stopWaiting(id, asked);
        return asked;
    }

    private void stopWaiting(Id128 id, Waiting asked) {
        waiting.remove(id);
        timers.owner().cancelTimer(asked.timer);
    }

    void received(Message.Request request) {
        answer(request, topics.get(request.subject()));
    }

    void receivedForService(String service, Message.Request request) {
        answer(request, request.subject().equals(service) ? services.get(service) : null);
    }

    private void answer(Message.Request request, @Nullable Answering answering) {
        Carrier.Line line = carrier.to(request.from());
        if (answering == null) {
            counters.count(Event.UNKNOWN_TOPIC);
            send(line, new Message.Failure(self, request.id(), ErrorCode.UNAVAILABLE));
        } else if (closed || working >= options.maxRequests()) {
            send(line, new Message.Failure(self, request.id(), ErrorCode.OVERLOADED));
        } else {
            working++;
            PeerAddress from = new PeerAddress(PeerAddress.PREFIX + request.from());
            answering.owner.run(() -> handle(answering.handler, from, request.payload())
                    .onComplete((reply, failure) -> loop.execute(() -> {
                        working--;
                        send(line, outcome(request, reply, failure));
                    })));
        }
    }

    /** On the owner's context. */
    private static Future<Buffer> handle(RequestHandler handler, PeerAddress from, Buffer payload) {
        try {
            return handler.handle(from, payload);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private Message outcome(Message.Request request, @Nullable Buffer reply, @Nullable Throwable failure) {
        if (failure instanceof MeshException refusal) {
            return new Message.Failure(self, request.id(), refusal.code());
        }
        if (failure == null && reply != null && reply.length() <= Limits.MAX_REQUEST_BYTES) {
            return new Message.Reply(self, request.id(), reply);
        }
        LOG.error(
                "a handler of requests under {} failed or gave no reply of a lawful size", request.subject(), failure);
        return new Message.Failure(self, request.id(), ErrorCode.INTERNAL);
    }

    private static void send(Carrier.Line line, Message message) {
        // Whoever asked learns from the time that passes.
        line.send(message).onFailure(cause -> LOG.debug("a reply did not leave: {}", cause.getMessage()));
    }

    void close() {
        closed = true;
        for (Id128 id : waiting.keySet().toArray(new Id128[0])) {
            fail(id, ErrorCode.UNAVAILABLE, "this process is leaving");
        }
    }
}
