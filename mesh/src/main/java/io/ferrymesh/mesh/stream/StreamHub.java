package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.mesh.MeshCounters.Carried;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.OutboundStream;
import io.ferrymesh.mesh.StreamHandler;
import io.ferrymesh.mesh.Topic;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every stream end of this process, whichever way it takes: what begins, what goes on over the bus, and what is over. Whoever
 * owns the event loop calls {@link #received} and {@link #tick}. Event loop only, except where said.
 */
public final class StreamHub {

    private static final Logger LOG = LoggerFactory.getLogger(StreamHub.class);

    /** For how many peer timeouts what was said last on a direct connection may still be asked for. */
    private static final int REMEMBER_TIMEOUTS = 3;

    final Sending sending;
    private final Id128 self;
    private final Executor loop;
    private final MeshCounters counters;
    private final StreamOptions options;
    private final Supplier<Id128> ids;
    private final LongSupplier nanoTime;
    private final Runnable busy;

    private final Streams streams;
    private final Links links;
    private final Openings openings;
    private final Arrivals arrivals;
    private final Heart heart;
    private boolean closed;

    /**
     * Makes the hub of one process.
     *
     * @param bus the carrier that is always there
     * @param loop runs a task on the event loop, at once when already there
     * @param busy told when the first stream begins, so that ticks are needed from now on
     */
    public StreamHub(
            Id128 self,
            Carrier bus,
            Executor loop,
            MeshCounters counters,
            StreamOptions options,
            Supplier<Id128> ids,
            LongSupplier nanoTime,
            Runnable busy) {
        this.self = self;
        this.loop = loop;
        this.counters = counters;
        this.options = options;
        this.ids = ids;
        this.nanoTime = nanoTime;
        this.busy = busy;
        this.streams = new Streams(options.maxStreams());
        this.links = new Links(bus);
        long remember = TimeUnit.MILLISECONDS.toNanos(REMEMBER_TIMEOUTS * options.peerTimeoutMs());
        this.sending = new Sending(this, bus, nanoTime, remember);
        this.openings = new Openings(this, streams, links, counters);
        this.arrivals = new Arrivals(this, streams, openings, counters);
        this.heart = new Heart(this, links, options);
    }

    // any thread

    /** Decides over streams that peers open under {@code topic}. Any thread. */
    public void onStream(Topic topic, StreamHandler handler, Owner owner) {
        openings.onStream(topic.name(), handler, owner);
    }

    /** Opens a stream to {@code peer} over the bus. Any thread. */
    public Future<OutboundStream> open(Id128 peer, Topic topic, Buffer hello) {
        return open(() -> links.bus(peer), topic, hello);
    }

    /** Opens a stream on a direct connection, or over the bus if that is gone. Any thread. */
    public Future<OutboundStream> open(PeerLink direct, Topic topic, Buffer hello) {
        return open(() -> direct.isBroken() ? links.bus(direct.peer) : direct, topic, hello);
    }

    private Future<OutboundStream> open(Supplier<PeerLink> way, Topic topic, Buffer hello) {
        Promise<OutboundStream> opened = CallerContext.promise();
        Promise<Void> over = CallerContext.promise();
        execute(() -> doOpen(way, topic, hello, opened, over));
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

    private void doOpen(
            Supplier<PeerLink> way, Topic topic, Buffer hello, Promise<OutboundStream> opened, Promise<Void> over) {
        if (closed) {
            opened.fail(new MeshException(ErrorCode.UNAVAILABLE, "this process is leaving"));
            return;
        }
        if (streams.isFull()) {
            opened.fail(new MeshException(ErrorCode.OVERLOADED, "this process has its most streams open"));
            return;
        }
        long deadline = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(options.openTimeoutMs());
        Message.Open open = new Message.Open(self, ids.get(), topic.name(), hello);
        OutboundEnd end = new OutboundEnd(this, way.get(), open, opened, over, deadline);
        begin(end);
        sending.send(end.link(), open);
    }

    /** A stream end is there from now on. */
    void begin(StreamEnd end) {
        counters.count(end.beganDirect() ? Carried.STREAMS_DIRECT : Carried.STREAMS_BUS);
        streams.add(end);
        end.link().ends.add(end);
        if (streams.count() == 1) {
            beginTicking();
        }
    }

    private void beginTicking() {
        heart.begins(nanoTime.getAsLong());
        busy.run();
    }

    /** Takes a direct connection into use, on which both ends have proved themselves. */
    public PeerLink connected(Id128 peer, Carrier.Connection connection) {
        boolean first = !isBusy();
        PeerLink link = links.connected(peer, connection);
        counters.count(Carried.CONNECTIONS);
        if (first) {
            beginTicking();
        }
        return link;
    }

    /** A direct connection is not to be used any more, or cannot be: its streams go on over the bus. */
    public void broken(PeerLink direct, String why) {
        if (!links.giveUp(direct) || direct.ends.isEmpty()) {
            return;
        }
        counters.count(Carried.FALLBACKS);
        LOG.info("{} streams go on over the bus, for their direct connection is gone: {}", direct.ends.size(), why);
        for (StreamEnd end : List.copyOf(direct.ends)) {
            if (direct.ends.contains(end)) { // what happens to one may end another
                counters.count(Carried.STREAMS_MOVED);
                end.moveTo(links.bus(direct.peer));
            }
        }
    }

    /** Whether any stream or direct connection is there, so that ticks are needed. */
    public boolean isBusy() {
        return !links.isEmpty();
    }

    /** How many ends of streams there are. */
    public int streams() {
        return streams.count();
    }

    /** Takes a message of a stream that came to this process over the bus. */
    public void received(Message.OfStream message) {
        arrivals.overBus(message);
    }

    /** Takes a peer's word, over the bus, on the streams it shares with this process. */
    public void received(Message.Heartbeat heartbeat) {
        arrivals.overBus(heartbeat);
    }

    /** Takes a message that came on a direct connection. */
    public void received(PeerLink on, Message message) {
        if (!on.isBroken()) { // what was not read before that is sent again
            arrivals.direct(on, message);
        }
    }

    /** Counts what was refused, and marks the stream as alive otherwise. */
    Verdict note(Verdict verdict, StreamEnd end) {
        if (verdict == Verdict.APPLIED || verdict == Verdict.KNOWN) {
            end.heard();
        } else {
            verdict.refusal().ifPresent(counters::count);
        }
        return verdict;
    }

    /** What was sent on a link did not leave. */
    void unreachable(PeerLink link, Throwable cause) {
        if (link.isDirect()) {
            broken(link, String.valueOf(cause.getMessage()));
            return;
        }
        for (StreamEnd end : List.copyOf(link.ends)) {
            if (isOpening(end)) {
                end.giveUp(ErrorCode.UNAVAILABLE, "the peer cannot be reached: " + cause.getMessage());
            } else {
                peerLost(end, "the peer cannot be reached: " + cause.getMessage());
            }
        }
    }

    static boolean isOpening(StreamEnd end) {
        return end instanceof OutboundEnd sending && sending.isOpening();
    }

    void peerLost(StreamEnd end, String why) {
        counters.count(Event.PEER_LOST);
        end.giveUp(ErrorCode.PEER_LOST, why);
    }

    /** The end is over. */
    void forget(StreamEnd end) {
        streams.remove(end);
        end.link().ends.remove(end);
        links.left(end.link());
    }

    /** One beat of the heart: says which streams are here and gives up those whose peer was silent for too long. */
    public void tick() {
        long now = nanoTime.getAsLong();
        sending.expire(now);
        heart.tick(now);
    }

    /** Ends every stream: CANCELLED here, PEER_LOST at the other ends. Completes when they were told, or could not be. */
    public Future<Void> close() {
        closed = true;
        openings.close();
        List<Future<Void>> told = new ArrayList<>();
        for (StreamEnd end : streams.all()) {
            if (end.over(ErrorCode.CANCELLED, "this process is leaving")) {
                told.add(end.link().line.send(new Message.Cancel(self, end.id, end.role, ErrorCode.PEER_LOST)));
            }
        }
        for (PeerLink link : links.direct()) {
            boolean unused = links.giveUp(link);
        }
        return Future.join(told).otherwiseEmpty().mapEmpty();
    }
}
