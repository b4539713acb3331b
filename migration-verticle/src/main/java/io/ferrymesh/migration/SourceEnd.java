package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.RendezvousDirectory;
import io.ferrymesh.scheme.KgcPublicKey;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Comparator;
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

    /** A session of which nothing was taken and heard for so long gives its place to another when there is none left. */
    static final long STILL_NANOS = Duration.ofMinutes(15).toNanos();

    /** When the directory has certainly done, or not, what it did not answer for. */
    private static final long LATE_MS = 60_000;

    private final EngineContext engine;
    private final Pool pool;
    private final Capacity capacity;
    private final SourceDoor door;
    private final Roster<Offer> offers = new Roster<>(MAX_GRANTS, Offer::over);
    private final Map<String, Offer> byRendezvous = new ConcurrentHashMap<>();
    private final LiveSessions<SourceSession> sessions = new LiveSessions<>();
    private final Renewals<Offer> renewals;

    SourceEnd(EngineContext engine, Pool pool, Capacity capacity, Refusals refusals) {
        this.engine = engine;
        this.pool = pool;
        this.capacity = capacity;
        this.door = new SourceDoor(
                engine,
                capacity,
                refusals,
                rendezvous -> Optional.ofNullable(byRendezvous.get(rendezvous)),
                this::makeRoom);
        this.renewals = new Renewals<>(byRendezvous::values, this::renew, Timers.of(engine));
    }

    /** From now on what waits stays in the directory, whatever the cluster forgets. */
    void start() {
        engine.mesh().rendezvous().onLoss(renewals::lost);
        renewals.start();
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
        offer.expiresBy(engine.runtime().after(Math.max(1, left.toMillis()), () -> logged(withdraw(offer))));
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

    /** How much was done under a grant, by no measure; 0 when it is unknown. */
    long steps(String id) {
        return offers.get(id).map(offer -> offer.record().progress().steps()).orElse(0L);
    }

    /** How often somebody was refused who tried to use a grant; 0 when it is unknown. */
    long refused(String id) {
        return offers.get(id).map(Offer::refusals).orElse(0L);
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
            } catch (MeshException | Refused e) {
                admitted.established().close();
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
        renewals.close();
        sessions.close();
        offers.all().forEach(offer -> logged(forget(offer)));
    }

    private SourceSession begin(SourceDoor.Admitted admitted) {
        Offer offer = admitted.offer();
        Established established = admitted.established();
        synchronized (offer) { // of two destinations with the key, the later one runs
            SourceSession session = session(offer, established);
            MigrationRecord record = session.record;
            record.authenticated(
                    established.ownAgreement().info().pseudonym(),
                    established.keys().peerCertificate().info().pseudonym(),
                    Duration.ofNanos(engine.runtime().nanoTime() - admitted.startedNanos()));
            if (!sessions.enter(session)) {
                throw new IllegalStateException("a session id drawn twice: " + session.id());
            }
            session.way.prepare();
            offer.runs(session);
            if (!record.to(MigrationState.COPYING)) {
                session.fail(ErrorCode.CANCELLED, "the grant was taken back");
            }
            session.requirePeerTrusted(); // it may have been since its certificates were looked at
            return session;
        }
    }

    private SourceSession session(Offer offer, Established established) {
        String owner = offer.source().owner();
        if (!capacity.enter(owner, offer.isRunning())) {
            throw Refused.overloaded();
        }
        try {
            MigrationRecord record = offer.restart();
            return new SourceSession(
                    engine, established, record, offer.source(), pool, capacity, over -> over(over, offer));
        } catch (RuntimeException e) {
            capacity.leave(owner);
            throw e;
        }
    }

    /** Ends the session that has stood still for longest, of an owner who has their share, or of anybody. */
    private boolean makeRoom(String owner) {
        long now = engine.runtime().nanoTime();
        Optional<SourceSession> still = sessions.all().stream()
                .filter(each -> each.stillNanos(now) >= STILL_NANOS)
                .filter(each -> !capacity.hasShare(owner) || each.owner().equals(owner))
                .max(Comparator.comparingLong(each -> each.stillNanos(now)));
        still.ifPresent(each -> each.fail(ErrorCode.OVERLOADED, "it stood still, and another needs its place"));
        return still.isPresent();
    }

    private void over(SourceSession session, Offer offer) {
        capacity.leave(offer.source().owner());
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

    /** Enters a grant in the directory again if it is not there. */
    private void renew(Offer offer) {
        Duration left =
                Duration.between(engine.clock().instant(), offer.source().expiresAt());
        if (isWaiting(offer) && left.compareTo(Duration.ofSeconds(1)) >= 0) {
            RendezvousDirectory directory = engine.mesh().rendezvous();
            directory
                    .enterIfLost(offer.rendezvous(), engine.mesh().address(), left)
                    .compose(entered -> isWaiting(offer) // or it was forgotten meanwhile
                            ? Future.succeededFuture()
                            : directory.leave(offer.rendezvous(), engine.mesh().address()))
                    .onFailure(e -> {
                        LOG.debug("a grant is entered again later: {}", e.getMessage());
                        var unused = engine.runtime().after(LATE_MS, () -> leaveLate(offer));
                    });
        }
    }

    /** What was not entered in time may have been after all, when the grant had gone already. */
    private void leaveLate(Offer offer) {
        if (!byRendezvous.containsKey(offer.rendezvous().hex())) {
            logged(engine.mesh()
                    .rendezvous()
                    .leave(offer.rendezvous(), engine.mesh().address()));
        }
    }

    private boolean isWaiting(Offer offer) {
        return offer.equals(byRendezvous.get(offer.rendezvous().hex()));
    }

    /** The grant can no longer be used; its status stays. */
    private Future<Void> forget(Offer offer) {
        byRendezvous.remove(offer.rendezvous().hex(), offer);
        offer.timer().cancel();
        offer.close();
        return engine.mesh()
                .rendezvous()
                .leave(offer.rendezvous(), engine.mesh().address());
    }

    private static void logged(Future<Void> removal) {
        removal.onFailure(e -> LOG.warn("a rendezvous stays until it expires: {}", e.getMessage()));
    }
}
