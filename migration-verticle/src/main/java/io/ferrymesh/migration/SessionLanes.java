package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.OutboundStream;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.mesh.Topic;
import io.ferrymesh.scheme.HandshakeResult;
import io.ferrymesh.scheme.LaneOpener;
import io.ferrymesh.scheme.LaneSealer;
import io.ferrymesh.scheme.SealBrokenException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The lanes of one session: opens outgoing ones with a sealed hello, admits each incoming one once and only with a hello
 * that the session's peer sealed, and ends them all together. Any thread.
 */
final class SessionLanes {

    private final SessionId session;
    private final HandshakeResult keys;
    private final Executor pool;
    private final SendRoom room;
    private final Consumer<Throwable> failed;

    // under this
    private final Map<Integer, LaneOpener> expected = new HashMap<>();
    private final List<LaneSender> senders = new ArrayList<>();
    private final List<LaneReceiver> receivers = new ArrayList<>();
    private final List<Consumer<ErrorCode>> cancels = new ArrayList<>();
    private boolean closed;

    private final Promise<Void> quiet = Promise.promise();

    /**
     * The lanes of a session that has just been authenticated.
     *
     * @param keys taken over: closed with the lanes
     * @param incoming how many lanes the peer will open
     * @param room how much may wait for credit
     * @param failed told, possibly more than once, when a lane cannot go on
     */
    SessionLanes(
            SessionId session,
            HandshakeResult keys,
            int incoming,
            Executor pool,
            SendRoom room,
            Consumer<Throwable> failed) {
        this.session = session;
        this.keys = keys;
        for (int lane = 0; lane < incoming; lane++) {
            expected.put(lane, keys.incoming().opener(lane));
        }
        this.pool = pool;
        this.room = room;
        this.failed = failed;
    }

    /** Opens a lane to the peer. Nothing flows until it is woken. */
    Future<Void> open(Peer peer, Topic topic, int lane, FrameSource source) {
        LaneSealer sealer;
        synchronized (this) {
            if (closed) { // and the keys with it
                return Future.failedFuture(new MeshException(ErrorCode.CANCELLED, "the session is over"));
            }
            sealer = keys.outgoing().sealer(lane);
        }
        return peer.open(topic, hello(sealer, lane))
                .onFailure(e -> sealer.close())
                .map(stream -> {
                    add(stream, new LaneSender(stream, sealer, source, pool, room, failed));
                    return null;
                });
    }

    /** Admits a lane that the peer opened. A forged hello changes nothing: the peer's own can still come. */
    void admit(InboundStream stream, int lane, RecordSink sink) {
        synchronized (this) {
            LaneOpener opener = expected.get(lane);
            if (closed || opener == null) {
                throw new MeshException(
                        ErrorCode.INVALID_MESSAGE, "lane " + lane + " is not expected, or open already");
            }
            requireSealed(opener, stream.hello().getBytes(), lane);
            expected.remove(lane);
            receivers.add(new LaneReceiver(stream, opener, sink, pool, failed));
            cancels.add(stream::cancel);
        }
    }

    private void requireSealed(LaneOpener opener, byte[] hello, int lane) {
        byte[] header = Lanes.helloHeader(session, lane);
        try {
            int unused = opener.open(header, hello, header.length, Lanes.TAG_BYTES, new byte[0], 0);
        } catch (SealBrokenException e) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a lane's hello is not sealed by the peer", e);
        }
    }

    /** Whether the peer has opened every lane it should, or there is nothing to wait for any more. */
    synchronized boolean complete() {
        return closed || expected.isEmpty();
    }

    /** Looks at every outgoing lane's source again. */
    void wake() {
        synchronized (this) {
            senders.forEach(LaneSender::wake);
        }
    }

    /** Ends every lane at once, telling the peer {@code code}, and wipes all keys. */
    void cancel(ErrorCode code) {
        synchronized (this) {
            if (!closed) {
                cancels.forEach(cancel -> cancel.accept(code));
            }
        }
        close();
    }

    /** Lets go of everything, after every lane ended by itself. */
    void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            senders.forEach(LaneSender::close);
            Future.join(receivers.stream().map(LaneReceiver::close).toList()).onComplete(all -> quiet.complete());
            expected.values().forEach(LaneOpener::close);
            keys.close();
        }
    }

    /** Completes once they are closed and nothing of what came on them is worked on any more. */
    Future<Void> quiet() {
        return quiet.future();
    }

    private void add(OutboundStream stream, LaneSender sender) {
        synchronized (this) {
            if (!closed) {
                senders.add(sender);
                cancels.add(stream::cancel);
                return;
            }
        }
        stream.cancel(ErrorCode.CANCELLED);
        sender.close();
    }

    private Buffer hello(LaneSealer sealer, int lane) {
        byte[] header = Lanes.helloHeader(session, lane);
        byte[] hello = java.util.Arrays.copyOf(header, Lanes.HELLO_BYTES);
        int unused = sealer.seal(header, new byte[0], 0, 0, hello, header.length);
        return Buffer.buffer(hello);
    }
}
