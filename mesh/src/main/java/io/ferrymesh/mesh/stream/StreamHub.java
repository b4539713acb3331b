package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.OutboundStream;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.StreamHandler;
import io.ferrymesh.mesh.Topic;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.Role;
import io.ferrymesh.mesh.wire.WireFormat;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every stream end of this process: which message belongs to which, who is still there, and how many there may be. Whoever
 * owns the event loop calls {@link #received} and {@link #tick}. Event loop only, except where said.
 */
public final class StreamHub {

    private static final Logger LOG = LoggerFactory.getLogger(StreamHub.class);

    private record Accepting(StreamHandler handler, Owner owner) {}

    private final Id128 self;
    private final Carrier carrier;
    private final Executor loop;
    private final MeshCounters counters;
    private final StreamOptions options;
    private final Supplier<Id128> ids;
    private final LongSupplier nanoTime;
    private final Runnable busy;

    private final Map<String, Accepting> topics = new ConcurrentHashMap<>();
    private final Map<Id128, PeerLink> links = new HashMap<>();
    private final Map<Id128, OutboundEnd> outbound = new HashMap<>();
    private final Map<Id128, InboundEnd> inbound = new HashMap<>();
    private long lastTickNanos;
    private boolean closed;

    /**
     * Makes the hub of one process.
     *
     * @param loop runs a task on the event loop, at once when already there
     * @param busy told when the first stream begins, so that ticks are needed from now on
     */
    public StreamHub(
            Id128 self,
            Carrier carrier,
            Executor loop,
            MeshCounters counters,
            StreamOptions options,
            Supplier<Id128> ids,
            LongSupplier nanoTime,
            Runnable busy) {
        this.self = self;
        this.carrier = carrier;
        this.loop = loop;
        this.counters = counters;
        this.options = options;
        this.ids = ids;
        this.nanoTime = nanoTime;
        this.busy = busy;
    }

    // any thread

    /** Decides over streams that peers open under {@code topic}. Any thread. */
    public void onStream(Topic topic, StreamHandler handler, Owner owner) {
        if (topics.putIfAbsent(topic.name(), new Accepting(handler, owner)) != null) {
            throw new IllegalStateException("streams of this topic have a handler already: " + topic.name());
        }
    }

    /** Opens a stream to {@code peer}. Any thread. */
    public Future<OutboundStream> open(Id128 peer, Topic topic, Buffer hello) {
        Promise<OutboundStream> opened = CallerContext.promise();
        Promise<Void> over = CallerContext.promise();
        execute(() -> doOpen(peer, topic, hello, opened, over));
        return opened.future();
    }

    /** Runs on the event loop. Any thread. */
    void execute(Runnable task) {
        loop.execute(task);
    }

    Id128 self() {
        return self;
    }

    // event loop only

    private void doOpen(Id128 peer, Topic topic, Buffer hello, Promise<OutboundStream> opened, Promise<Void> over) {
        if (closed) {
            opened.fail(new MeshException(ErrorCode.UNAVAILABLE, "this process is leaving"));
            return;
        }
        if (full()) {
            opened.fail(new MeshException(ErrorCode.OVERLOADED, "this process has its most streams open"));
            return;
        }
        long deadline = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(options.openTimeoutMs());
        PeerLink link = link(peer);
        OutboundEnd end = new OutboundEnd(this, link, ids.get(), opened, over, deadline);
        outbound.put(end.id, end);
        begin(end);
        send(link, new Message.Open(self, end.id, topic.name(), hello));
    }

    private boolean full() {
        return outbound.size() + inbound.size() >= options.maxStreams();
    }

    private PeerLink link(Id128 peer) {
        return links.computeIfAbsent(peer, p -> new PeerLink(p, carrier.to(p)));
    }

    private void begin(StreamEnd end) {
        end.link.ends.add(end);
        if (outbound.size() + inbound.size() == 1) {
            lastTickNanos = nanoTime.getAsLong();
            busy.run();
        }
    }

    /** Whether any stream is there, so that ticks are needed. */
    public boolean isBusy() {
        return !links.isEmpty();
    }

    /** How many ends of streams there are. */
    public int streams() {
        return outbound.size() + inbound.size();
    }

    /** Takes a message of a stream that came to this process. */
    public void received(Message.OfStream message) {
        if (message instanceof Message.Open open) {
            opened(open);
            return;
        }
        StreamEnd end = find(message.stream(), sender(message));
        if (end == null || !end.link.peer.equals(message.from())) {
            counters.count(Event.UNKNOWN_STREAM);
        } else if (message instanceof Message.Cancel cancel) {
            cancelled(end, cancel.code());
        } else if (end instanceof InboundEnd receiving) {
            receiving.received(message);
        } else if (end instanceof OutboundEnd sending) {
            sending.received(message);
        }
    }

    private static void cancelled(StreamEnd end, ErrorCode code) {
        boolean unused = end.over(code, "cancelled by the peer");
    }

    private static Role sender(Message.OfStream message) {
        if (message instanceof Message.Cancel cancel) {
            return cancel.role();
        }
        return message instanceof Message.Data || message instanceof Message.End ? Role.OPENER : Role.ACCEPTOR;
    }

    private @Nullable StreamEnd find(Id128 id, Role sender) {
        return sender == Role.OPENER ? inbound.get(id) : outbound.get(id);
    }

    /** Counts what was refused, and marks the stream as alive otherwise. */
    Verdict note(Verdict verdict, StreamEnd end) {
        if (verdict == Verdict.APPLIED) {
            end.heard();
        } else {
            verdict.refusal().ifPresent(counters::count);
        }
        return verdict;
    }

    private void opened(Message.Open open) {
        if (inbound.containsKey(open.stream())) {
            counters.count(Event.STREAM_REFUSED); // a replay: an answer would end the stream it copies
            return;
        }
        Accepting accepting = topics.get(open.topic());
        if (accepting == null) {
            counters.count(Event.UNKNOWN_TOPIC);
            refuse(open, ErrorCode.UNAVAILABLE);
        } else if (closed || full()) {
            counters.count(Event.STREAM_REFUSED);
            refuse(open, ErrorCode.OVERLOADED);
        } else {
            ask(open, accepting);
        }
    }

    private void refuse(Message.Open open, ErrorCode code) {
        Carrier.Line line = carrier.to(open.from());
        unlessItFails(line.send(new Message.Refuse(self, open.stream(), code)));
    }

    private void ask(Message.Open open, Accepting accepting) {
        PeerAddress from = new PeerAddress(PeerAddress.PREFIX + open.from());
        InboundEnd end = new InboundEnd(this, link(open.from()), open, from, accepting.owner);
        inbound.put(end.id, end);
        begin(end);
        accepting.owner.run(() -> decide(accepting.handler, end)
                .onComplete((credit, failure) -> execute(() -> decided(end, credit, failure))));
    }

    /** On the owner's context. */
    private static Future<Long> decide(StreamHandler handler, InboundStream stream) {
        try {
            return handler.opened(stream);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void decided(InboundEnd end, @Nullable Long credit, @Nullable Throwable failure) {
        if (failure == null && credit != null) {
            end.accept(credit);
        } else {
            counters.count(Event.STREAM_REFUSED);
            end.refuse(refusal(failure));
        }
    }

    private static ErrorCode refusal(@Nullable Throwable failure) {
        if (failure instanceof MeshException refusal) {
            return refusal.code();
        }
        LOG.error("a stream handler failed; its stream is refused", failure);
        return ErrorCode.INTERNAL;
    }

    /** Takes a peer's word on the streams it shares with this process. */
    public void received(Message.Heartbeat heartbeat) {
        for (Message.Beat beat : heartbeat.beats()) {
            StreamEnd end = find(beat.stream(), beat.role());
            if (end == null || !end.link.peer.equals(heartbeat.from())) {
                counters.count(Event.UNKNOWN_STREAM);
            } else if (end instanceof InboundEnd receiving) {
                end.heard();
                receiving.beat(beat);
            } else if (end instanceof OutboundEnd sending) {
                sending.beat(beat);
            }
        }
    }

    /** Sends what a stream cannot do without: if it does not leave, the peer is lost. */
    void send(PeerLink link, Message message) {
        Future<Void> sent = link.line.send(message);
        if (!sent.succeeded()) {
            sent.onFailure(cause -> execute(() -> unreachable(link, cause)));
        }
    }

    /** As {@link #send}, and accounts for the room it takes until it has left. */
    void sendData(PeerLink link, Message.Data data) {
        int bytes = data.payload().length();
        link.handedOn(bytes);
        link.line.send(data).onComplete((sent, failure) -> execute(() -> left(link, bytes, failure)));
    }

    private void left(PeerLink link, int bytes, @Nullable Throwable failure) {
        link.left(bytes);
        if (failure != null) {
            unreachable(link, failure);
            return;
        }
        while (link.hasRoom()) {
            OutboundEnd next = link.next();
            if (next == null) {
                return;
            }
            next.room();
        }
    }

    /** Sends what only spares the peer a wait. */
    void say(PeerLink link, Message message) {
        unlessItFails(link.line.send(message));
    }

    private static void unlessItFails(Future<Void> sent) {
        // The peer then learns from the missing heartbeat what it was not told.
        sent.onFailure(ignored -> {});
    }

    private void unreachable(PeerLink link, Throwable cause) {
        for (StreamEnd end : List.copyOf(link.ends)) {
            if (isOpening(end)) {
                end.giveUp(ErrorCode.UNAVAILABLE, "the peer cannot be reached: " + cause.getMessage());
            } else {
                peerLost(end, "the peer cannot be reached: " + cause.getMessage());
            }
        }
    }

    private static boolean isOpening(StreamEnd end) {
        return end instanceof OutboundEnd sending && sending.isOpening();
    }

    void peerLost(StreamEnd end, String why) {
        counters.count(Event.PEER_LOST);
        end.giveUp(ErrorCode.PEER_LOST, why);
    }

    /** The end is over. */
    void forget(StreamEnd end) {
        if (end.role == Role.OPENER) {
            outbound.remove(end.id);
        } else {
            inbound.remove(end.id);
        }
        end.link.ends.remove(end);
        if (end.link.ends.isEmpty()) {
            links.remove(end.link.peer, end.link);
        }
    }

    /** One beat of the heart: says which streams are here and gives up those whose peer was silent for too long. */
    public void tick() {
        long now = nanoTime.getAsLong();
        long interval = TimeUnit.MILLISECONDS.toNanos(options.heartbeatIntervalMs());
        boolean slept = now - lastTickNanos > 3 * interval; // this process stood still: what came meanwhile is unread
        lastTickNanos = now;
        for (PeerLink link : List.copyOf(links.values())) {
            tick(link, now, slept);
        }
    }

    private void tick(PeerLink link, long now, boolean slept) {
        long timeout = TimeUnit.MILLISECONDS.toNanos(options.peerTimeoutMs());
        List<Message.Beat> beats = new ArrayList<>(Math.min(link.ends.size(), WireFormat.MAX_BEATS));
        for (StreamEnd end : List.copyOf(link.ends)) {
            if (slept) {
                end.heard();
            }
            if (end.openingTooLong(now)) {
                end.giveUp(ErrorCode.UNAVAILABLE, "not accepted in time");
            } else if (end.silentNanos(now) >= timeout && !isOpening(end)) {
                peerLost(end, "no word from the peer in time");
            } else {
                beats.add(end.beat());
            }
            if (beats.size() == WireFormat.MAX_BEATS) {
                send(link, new Message.Heartbeat(self, beats));
                beats.clear();
            }
        }
        if (!beats.isEmpty()) {
            send(link, new Message.Heartbeat(self, beats));
        }
    }

    /** Ends every stream: CANCELLED here, PEER_LOST at the other ends. Completes when they were told, or could not be. */
    public Future<Void> close() {
        closed = true;
        List<Future<Void>> told = new ArrayList<>();
        for (PeerLink link : List.copyOf(links.values())) {
            for (StreamEnd end : List.copyOf(link.ends)) {
                if (end.over(ErrorCode.CANCELLED, "this process is leaving")) {
                    told.add(link.line.send(new Message.Cancel(self, end.id, end.role, ErrorCode.PEER_LOST)));
                }
            }
        }
        return Future.join(told).otherwiseEmpty().mapEmpty();
    }
}
