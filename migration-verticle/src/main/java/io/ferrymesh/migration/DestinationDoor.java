package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.LogFields;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.scheme.Handshake;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Rendezvous;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The destination's side of handshakes, up to its last message. Which of its keys the source trusts too is found out by
 * trying them in their order: a source that refuses the first message of one is asked with the next. Any thread.
 */
final class DestinationDoor {

    private static final Logger LOG = LoggerFactory.getLogger(DestinationDoor.class);

    private final EngineContext engine;
    private final Handshakes handshakes;

    DestinationDoor(EngineContext engine) {
        this.engine = engine;
        this.handshakes = new Handshakes(engine);
    }

    /**
     * A source that answered, and what is to be said to it.
     *
     * @param established its signing credential and its keys are the taker's to close
     * @param startedNanos when the handshake that succeeded began
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answered(Established established, byte[] third, long startedNanos) {}

    /** One key's attempt. */
    private record Attempt(
            Peer source, DestinationOrder order, Credentials own, Handshake handshake, long startedNanos) {
        void close() {
            handshake.close();
            own.close();
        }
    }

    /** Fails with HANDSHAKE_REFUSED when no key does, and with whatever else goes wrong under the first that does not fit. */
    Future<Answered> knock(Peer source, DestinationOrder order) {
        return knock(source, order, engine.trust().keys().iterator());
    }

    private Future<Answered> knock(Peer source, DestinationOrder order, Iterator<KgcPublicKey> keys) {
        if (!keys.hasNext()) {
            return Future.failedFuture(new MeshException(ErrorCode.HANDSHAKE_REFUSED, "no key that both ends trust"));
        }
        return Credentials.take(engine.credentials(), keys.next())
                .compose(own -> onWorker(() -> begin(source, order, own)))
                .compose(attempt -> hello(attempt).transform(reply -> {
                    if (reply.succeeded()) {
                        return onWorker(() -> answer(reply.result(), attempt)).onFailure(e -> attempt.close());
                    }
                    attempt.close();
                    return isRefusal(reply.cause()) && keys.hasNext()
                            ? again(source, order, keys)
                            : Future.failedFuture(reply.cause());
                }));
    }

    private Future<Answered> again(Peer source, DestinationOrder order, Iterator<KgcPublicKey> keys) {
        LOG.atDebug().addKeyValue(LogFields.MIGRATION, order.id()).log("refused under one key, trying the next");
        return knock(source, order, keys);
    }

    private Attempt begin(Peer source, DestinationOrder order, Credentials own) {
        try {
            Handshake handshake = handshakes.destination(order, own.agreement());
            return new Attempt(source, order, own, handshake, System.nanoTime());
        } catch (RuntimeException e) {
            own.close();
            throw e;
        }
    }

    private Future<Buffer> hello(Attempt attempt) {
        DestinationOrder order = attempt.order;
        byte[] rendezvous = Rendezvous.address(order.psk(), order.id()).bytes();
        return onWorker(() -> attempt.handshake.write(new byte[] {Lanes.VERSION}))
                .compose(first -> attempt.source.request(Wire.HELLO, Wire.encode(rendezvous, first)));
    }

    /** Reads message 2 and writes message 3. */
    private Answered answer(Buffer reply, Attempt attempt) {
        Wire.Message second = Wire.decode(reply);
        Handshake handshake = attempt.handshake;
        Credentials own = attempt.own;
        Introduction introduction = handshakes.introduction(own.signing());
        Introduction peer = Introduction.decode(handshake.read(second.message()));
        handshakes.checkSigning(own.kgc(), peer.signing());
        byte[] third = handshake.write(introduction.encode());
        Established established = new Established(
                SessionId.of(second.id()),
                own.kgc(),
                handshake.result(),
                introduction,
                peer,
                own.signing(),
                own.agreement().certificate());
        own.agreement().close();
        return new Answered(established, third, attempt.startedNanos);
    }

    /** Said by the source. What this end refuses, it refuses under every key. */
    private static boolean isRefusal(Throwable cause) {
        return cause instanceof MeshException failure && failure.code() == ErrorCode.HANDSHAKE_REFUSED;
    }

    private <T> Future<T> onWorker(Callable<T> step) {
        return engine.mesh().vertx().executeBlocking(step, false);
    }
}
