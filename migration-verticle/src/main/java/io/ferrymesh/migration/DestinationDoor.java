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
import java.util.Set;
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
    private final KeptCredentials kept = new KeptCredentials();

    DestinationDoor(EngineContext engine) {
        this.engine = engine;
        this.handshakes = new Handshakes(engine);
    }

    /**
     * A source that answered, and what is to be said to it.
     *
     * @param established its keys are the taker's to close
     * @param own what this end has authenticated with and signs with, to be given back by {@link #release}
     * @param startedNanos when the handshake that succeeded began
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answered(Established established, Rendezvous grant, Credentials own, byte[] third, long startedNanos) {}

    /** One key's attempt. */
    private record Attempt(
            Peer source,
            DestinationOrder order,
            Rendezvous grant,
            Credentials own,
            Handshake handshake,
            long startedNanos) {}

    /** Fails with HANDSHAKE_REFUSED when no key does, and with whatever else goes wrong under the first that does not fit. */
    Future<Answered> knock(Peer source, DestinationOrder order) {
        return knock(source, order, engine.trust().keys().iterator());
    }

    private Future<Answered> knock(Peer source, DestinationOrder order, Iterator<KgcPublicKey> keys) {
        if (!keys.hasNext()) {
            return Future.failedFuture(new MeshException(ErrorCode.HANDSHAKE_REFUSED, "no key that both ends trust"));
        }
        return credentials(order, keys.next())
                .compose(own -> onWorker(() -> begin(source, order, own)))
                .compose(attempt -> hello(attempt).transform(reply -> {
                    if (reply.succeeded()) {
                        return onWorker(() -> answer(reply.result(), attempt)).onFailure(e -> end(attempt));
                    }
                    end(attempt);
                    return isRefusal(reply.cause()) && keys.hasNext()
                            ? again(source, order, keys)
                            : Future.failedFuture(reply.cause());
                }));
    }

    private Future<Credentials> credentials(DestinationOrder order, KgcPublicKey kgc) {
        long now = engine.clock().instant().getEpochSecond();
        return kept.take(order.id().toString(), grant(order), kgc, now)
                .map(Future::succeededFuture)
                .orElseGet(() -> Credentials.take(engine.credentials(), kgc));
    }

    /** What a source has answered is over. Unless it was the last attempt, the next one goes on with the same credentials. */
    void release(Answered answered, MigrationRecord record) {
        if (mayServeAgain(record)) {
            kept.keep(record.id().toString(), answered.grant, answered.own);
        } else {
            answered.own.close();
        }
    }

    /** Not those that may be what is wrong. */
    private static boolean mayServeAgain(MigrationRecord record) {
        return record.state() == MigrationState.FAILED
                && record.status()
                        .failure()
                        .filter(code -> code != ErrorCode.HANDSHAKE_REFUSED
                                && code != ErrorCode.REVOKED
                                && code != ErrorCode.KEY_RETIRED)
                        .isPresent();
    }

    /** An attempt that nothing came of; the next one goes on with its credentials. */
    private void end(Attempt attempt) {
        attempt.handshake.close();
        kept.keep(attempt.order.id().toString(), attempt.grant, attempt.own);
    }

    /** Where the source of its grant is to be found, which says of no two grants that they are one. */
    private static Rendezvous grant(DestinationOrder order) {
        return Rendezvous.address(order.psk(), order.id());
    }

    /** Wipes what it keeps of a migration that will not be tried again. */
    void forget(String id) {
        kept.forget(id);
    }

    /** Wipes what it keeps under keys that are retired. */
    void dropRetired() {
        kept.dropRetired(
                Set.copyOf(engine.trust().keys()), engine.clock().instant().getEpochSecond());
    }

    /** Wipes what it keeps. */
    void close() {
        kept.close();
    }

    private Future<Answered> again(Peer source, DestinationOrder order, Iterator<KgcPublicKey> keys) {
        LOG.atDebug().addKeyValue(LogFields.MIGRATION, order.id()).log("refused under one key, trying the next");
        return knock(source, order, keys);
    }

    private Attempt begin(Peer source, DestinationOrder order, Credentials own) {
        try {
            Handshake handshake = handshakes.destination(order, own.agreement());
            return new Attempt(
                    source,
                    order,
                    grant(order),
                    own,
                    handshake,
                    engine.runtime().nanoTime());
        } catch (RuntimeException e) {
            own.close();
            throw e;
        }
    }

    private Future<Buffer> hello(Attempt attempt) {
        byte[] rendezvous = attempt.grant.bytes();
        return onWorker(() -> attempt.handshake.write(new byte[] {Lanes.VERSION}))
                .compose(first -> attempt.source.request(Wire.HELLO, Wire.encode(rendezvous, first)));
    }

    /** Reads message 2 and writes message 3. */
    private Answered answer(Buffer reply, Attempt attempt) {
        Wire.Message second = Wire.decode(reply);
        Handshake handshake = attempt.handshake;
        Credentials own = attempt.own;
        Introduction peer = Introduction.read(handshake, second.message());
        try {
            handshakes.checkSigning(own.kgc(), peer.signing());
        } catch (RuntimeException e) {
            peer.close();
            throw e;
        }
        Introduction introduction = handshakes.introduction(
                own.signing(), LaneWay.answer(engine.mesh().direct(), peer.offer()));
        byte[] third = introduction.write(handshake);
        Established established = new Established(
                SessionId.of(second.id()),
                own.kgc(),
                handshake.result(),
                introduction,
                peer,
                own.signing(),
                own.agreement().certificate());
        return new Answered(established, attempt.grant, own, third, attempt.startedNanos);
    }

    /** Said by the source. What this end refuses, it refuses under every key. */
    private static boolean isRefusal(Throwable cause) {
        return cause instanceof MeshException failure && failure.code() == ErrorCode.HANDSHAKE_REFUSED;
    }

    private <T> Future<T> onWorker(Callable<T> step) {
        return engine.runtime().aside(step);
    }
}
