package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.vertx.core.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Hands messages to the carriers, and deals with those that do not leave. Event loop only. */
final class Sending {

    private final StreamHub hub;
    private final Carrier bus;
    private final LongSupplier nanoTime;
    private final long rememberNanos;
    private final LastWords lastWords = new LastWords();

    Sending(StreamHub hub, Carrier bus, LongSupplier nanoTime, long rememberNanos) {
        this.hub = hub;
        this.bus = bus;
        this.nanoTime = nanoTime;
        this.rememberNanos = rememberNanos;
    }

    /** Sends what a stream cannot do without: if it does not leave, the way is no good. */
    void send(PeerLink link, Message message) {
        Future<Void> sent = link.line.send(message);
        if (!sent.succeeded()) {
            sent.onFailure(cause -> hub.execute(() -> hub.unreachable(link, cause)));
        }
    }

    /** As {@link #send}, and accounts for the room it takes until it has left. */
    void sendData(PeerLink link, Message.Data data) {
        int bytes = data.payload().length();
        link.handedOn(bytes);
        link.line.send(data).onComplete((sent, failure) -> hub.execute(() -> left(link, bytes, failure)));
    }

    private void left(PeerLink link, int bytes, @Nullable Throwable failure) {
        link.left(bytes);
        if (link.isBroken()) {
            return; // those that waited for room wait for it elsewhere
        }
        if (failure != null) {
            hub.unreachable(link, failure);
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

    /**
     * Says the last thing on a stream, which only spares the peer a wait. It is remembered where the stream began on a direct
     * connection, in case that breaks before it was heard.
     */
    void lastWord(StreamEnd end, Message.OfStream message) {
        if (end.beganDirect()) {
            lastWords.keep(end.link(), message, nanoTime.getAsLong() + rememberNanos);
        }
        say(end.link().line, message);
    }

    /**
     * Repeats, over the bus, what a peer was told last of a stream that it has moved; where that was said is no good any more.
     * Returns false when it is not known.
     */
    boolean repeatLastWord(Id128 peer, Id128 stream) {
        LastWords.Word last = lastWords.of(peer, stream);
        if (last != null) {
            hub.broken(last.link(), "the peer has left it");
            say(bus.to(peer), last.message());
        }
        return last != null;
    }

    /** Forgets what nobody will ask for any more. */
    void expire(long nowNanos) {
        lastWords.expire(nowNanos);
    }

    /** Sends what nobody waits for. */
    static void say(Carrier.Line line, Message message) {
        // The peer then learns from the missing heartbeat what it was not told.
        line.send(message).onFailure(ignored -> {});
    }
}
