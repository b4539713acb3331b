package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.scheme.KgcPublicKey;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything this process gives: grants that wait at their rendezvous, and the sessions that run under them. Any thread. */
final class SourceEnd {

    private static final Logger LOG = LoggerFactory.getLogger(SourceEnd.class);

    /** Grants that wait, run or are remembered. */
    private static final int MAX_GRANTS = 100_000;

    private final EngineContext engine;
    private final Workers workers;
    private final SourceDoor door;
    private final Roster<Offer> offers = new Roster<>(MAX_GRANTS, Offer::over);
    private final Map<String, Offer> byRendezvous = new ConcurrentHashMap<>();
    private final LiveSessions<SourceSession> sessions = new LiveSessions<>();

    SourceEnd(EngineContext engine, Workers workers, Refusals refusals) {
        this.engine = engine;
        this.workers = workers;
        this.door = new SourceDoor(engine, refusals, rendezvous -> Optional.ofNullable(byRendezvous.get(rendezvous)));
    }

    /** Waits for the destination until the grant ends. Fails with CONFLICT when the id is in use, or OVERLOADED. */
    Future<Void> offer(SourceOffer source) {
        Offer offer = new Offer(source, engine);
        String id = source.id().toString();
        try {
            if (offers.enter(id, offer) != offer) {
                throw new MeshException(ErrorCode.CONFLICT, "there is a grant by that id");
            }
        } catch (MeshException e) {
            offer.close();
            return Future.failedFuture(e);
        }
        Duration left = Duration.between(engine.clock().instant(), source.expiresAt());
        byRendezvous.put(offer.rendezvous().hex(), offer);
        offer.expiresBy(
                engine.mesh().vertx().setTimer(Math.max(1, left.toMillis()), expired -> logged(withdraw(offer))));
        return engine.mesh()
                .rendezvous()
                .enter(offer.rendezvous(), engine.mesh().address(), left)
                .onFailure(e -> {
                    offers.remove(id);
                    logged(forget(offer));
                });
    }

    /** Takes a grant back; what runs under it ends. */
    Future<Void> withdraw(String id) {
        return offers.get(id).map(this::withdraw).orElseGet(Future::succeededFuture);
    }

    /** Lets go of a grant that goes on elsewhere. What runs under it ends with UNAVAILABLE, so that its destination comes again. */
    Future<Void> release(String id) {
        return offers.get(id)
                .map(offer -> {
                    offers.remove(id);
                    offer.release();
                    return forget(offer);
                })
                .orElseGet(Future::succeededFuture);
    }

    Optional<MigrationStatus> status(String id) {
        return offers.get(id).map(offer -> offer.record().status());
    }

    /** Message 1 in, message 2 out. */
    Future<Buffer> hello(PeerAddress from, Buffer payload) {
        return door.hello(payload);
    }

    /** Message 3 in; a session begins. */
    Future<Buffer> confirm(PeerAddress from, Buffer payload) {
        return door.confirm(payload).compose(admitted -> {
            try {
                SourceSession session = begin(admitted);
                if (session.isOver()) {
                    return door.refuse(new Refused(Refusals.Reason.GRANT_ENDED, "taken back, or the peer revoked"));
                }
                session.start().onFailure(e -> session.fail(Failures.of(e, LOG).code(), "the lanes do not open"));
                return Future.succeededFuture(Wire.confirmed());
            } catch (MeshException e) {
                admitted.established().keys().close();
                return door.refuse(e);
            }
        });
    }

    /** A destination opens its lane for answers. */
    Future<Long> opened(InboundStream stream) {
        return sessions.opened(stream);
    }

    /** Ends sessions whose destination is not to be trusted any more. */
    void recheck() {
        sessions.requirePeersTrusted();
    }

    /** Wipes what grants hold under keys that are retired. */
    void dropRetired() {
        Set<KgcPublicKey> trusted = Set.copyOf(engine.trust().keys());
        offers.all().forEach(offer -> offer.dropRetired(trusted));
    }

    void close() {
        sessions.close();
        offers.all().forEach(offer -> logged(forget(offer)));
    }

    private SourceSession begin(SourceDoor.Admitted admitted) {
        Offer offer = admitted.offer();
        Established established = admitted.established();
        synchronized (offer) { // of two destinations with the key, the later one runs
            MigrationRecord record = offer.restart();
            SourceSession session =
                    new SourceSession(engine, established, record, offer.source(), workers, over -> over(over, offer));
            record.authenticated(
                    established.ownAgreement().info().pseudonym(),
                    established.keys().peerCertificate().info().pseudonym(),
                    Duration.ofNanos(System.nanoTime() - admitted.startedNanos()));
            if (!sessions.enter(session)) {
                throw new IllegalStateException("a session id drawn twice: " + session.id());
            }
            offer.runs(session);
            if (!record.to(MigrationState.COPYING)) {
                session.fail(ErrorCode.CANCELLED, "the grant was taken back");
            }
            session.requirePeerTrusted(); // it may have been since its certificates were looked at
            return session;
        }
    }

    private void over(SourceSession session, Offer offer) {
        sessions.leave(session);
        offer.over(session);
        if (offer.record().state() == MigrationState.COMPLETED) {
            logged(forget(offer));
        }
    }

    private Future<Void> withdraw(Offer offer) {
        offer.cancel();
        return forget(offer);
    }

    /** The grant can no longer be used; its status stays. */
    private Future<Void> forget(Offer offer) {
        byRendezvous.remove(offer.rendezvous().hex(), offer);
        engine.mesh().vertx().cancelTimer(offer.timer());
        offer.close();
        return engine.mesh()
                .rendezvous()
                .leave(offer.rendezvous(), engine.mesh().address());
    }

    private static void logged(Future<Void> removal) {
        removal.onFailure(e -> LOG.warn("a rendezvous stays until it expires: {}", e.getMessage()));
    }
}
