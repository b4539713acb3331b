package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.scheme.Handshake;
import io.ferrymesh.scheme.HandshakeLimiter;
import io.ferrymesh.scheme.HandshakeRefusedException;
import io.ferrymesh.scheme.ReplayCache;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything this process gives: waits at rendezvous, authenticates whoever comes, runs sessions. Before a caller has shown
 * that it holds a grant's key, it costs one map look-up and one tag.
 */
final class SourceEnd {

    private static final Logger LOG = LoggerFactory.getLogger(SourceEnd.class);

    /** Grants that wait, run or are remembered. */
    private static final int MAX_GRANTS = 100_000;

    /** Half-open handshakes at once, over all grants. */
    private static final int MAX_HALF_OPEN = 1_024;

    /** How long a destination may take between messages 2 and 3. */
    private static final long HALF_OPEN_MS = 15_000;

    /** How many first messages, and grants that were knocked at, are remembered, and how long. */
    private static final int REMEMBERED_MESSAGES = 100_000;

    private static final long REMEMBERED_MS = 3_600_000;

    private final EngineContext engine;
    private final Workers workers;
    private final Handshakes handshakes;
    private final ReplayCache replays = new ReplayCache(REMEMBERED_MESSAGES, REMEMBERED_MS);
    private final HandshakeLimiter limiter;
    private final Roster<Offer> offers = new Roster<>(MAX_GRANTS, Offer::over);
    private final Map<String, Offer> byRendezvous = new ConcurrentHashMap<>();
    private final Map<SessionId, HalfOpen> halfOpen = new ConcurrentHashMap<>();
    private final Map<SessionId, SourceSession> sessions = new ConcurrentHashMap<>();

    /** Between messages 2 and 3. */
    private record HalfOpen(Offer offer, Handshake handshake, Offer.Credentials credentials, long startedNanos) {}

    SourceEnd(EngineContext engine, Workers workers) {
        this.engine = engine;
        this.workers = workers;
        this.handshakes = new Handshakes(engine);
        this.limiter =
                new HandshakeLimiter(REMEMBERED_MESSAGES, engine.options().handshakesPerGrant(), REMEMBERED_MS);
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
        engine.mesh().vertx().setTimer(Math.max(1, left.toMillis()), expired -> logged(withdraw(offer)));
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

    Optional<MigrationStatus> status(String id) {
        return offers.get(id).map(offer -> offer.record().status());
    }

    /** Message 1 in, message 2 out. */
    Future<Buffer> hello(PeerAddress from, Buffer payload) {
        Wire.Message first = Wire.decode(payload);
        Offer offer = byRendezvous.get(HexFormat.of().formatHex(first.id()));
        if (offer == null || halfOpen.size() >= MAX_HALF_OPEN) {
            return refuse(offer == null ? "no such grant" : "too many half-open handshakes");
        }
        if (replays.seen(first.message(), engine.clock().millis())) {
            return refuse("a replayed first message");
        }
        long started = System.nanoTime();
        return onWorker(() -> admit(offer, first.message()))
                .compose(admitted -> offer.credentials())
                .compose(credentials -> onWorker(() -> answer(offer, credentials, first.message(), started)))
                .recover(this::refused);
    }

    /** One tag, before anything that costs more: only who holds the grant's key gets past it. */
    private boolean admit(Offer offer, byte[] first) {
        SourceOffer source = offer.source();
        long now = engine.clock().millis();
        if (!Handshake.isFirstMessage(engine.kgc(), source.id(), source.psk(), first)) {
            throw Wire.invalid("a first message without the grant's key");
        }
        if (!replays.remember(first, now) || !limiter.admit(source.id(), now)) {
            throw Wire.invalid("a replayed first message, or too many handshakes under one grant");
        }
        return true;
    }

    /** Message 3 in. */
    Future<Buffer> confirm(PeerAddress from, Buffer payload) {
        Wire.Message third = Wire.decode(payload);
        HalfOpen open = halfOpen.remove(SessionId.of(third.id()));
        if (open == null) {
            return refuse("no such handshake");
        }
        return onWorker(() -> {
                    Introduction peer = Introduction.decode(open.handshake.read(third.message()));
                    handshakes.checkSigning(peer.signing());
                    return begin(SessionId.of(third.id()), open, peer);
                })
                .onFailure(e -> open.handshake.close())
                .map(session -> {
                    session.start()
                            .onFailure(e -> session.fail(Failures.of(e, LOG).code(), "lanes do not open"));
                    return Wire.confirmed();
                })
                .recover(this::refused);
    }

    /** A destination opens its lane for answers. */
    Future<Long> opened(InboundStream stream) {
        LaneHello hello = LaneHello.decode(stream.hello());
        SourceSession session = sessions.get(hello.session());
        if (session == null) {
            return Future.failedFuture(Wire.invalid("a lane of no session"));
        }
        return Future.succeededFuture(session.admit(stream, hello.lane()));
    }

    void close() {
        sessions.values().forEach(session -> session.fail(ErrorCode.UNAVAILABLE, "the process stops"));
        offers.all().forEach(offer -> logged(forget(offer)));
    }

    private Buffer answer(Offer offer, Offer.Credentials credentials, byte[] first, long started) {
        Handshake handshake = handshakes.source(offer.source(), credentials.agreement());
        try {
            byte[] version = handshake.read(first);
            if (version.length != 1 || version[0] != Lanes.VERSION) {
                throw Wire.invalid("a destination of unknown version");
            }
            SessionId session = SessionId.random(engine.random());
            byte[] second = handshake.write(
                    handshakes.introduction(credentials.signing()).encode());
            halfOpen.put(session, new HalfOpen(offer, handshake, credentials, started));
            engine.mesh().vertx().setTimer(HALF_OPEN_MS, late -> abandon(session));
            return Wire.encode(session.bytes(), second);
        } catch (RuntimeException e) {
            handshake.close();
            throw e;
        }
    }

    private SourceSession begin(SessionId id, HalfOpen open, Introduction peer) {
        Established established = new Established(
                id,
                open.handshake.result(),
                handshakes.introduction(open.credentials.signing()),
                peer,
                open.credentials.signing(),
                open.credentials.agreement().certificate());
        MigrationRecord record = open.offer.restart();
        SourceSession session = new SourceSession(
                engine, established, record, open.offer.source(), workers, over -> over(id, over, open.offer));
        record.authenticated(
                established.ownAgreement().info().pseudonym(),
                established.keys().peerCertificate().info().pseudonym(),
                Duration.ofNanos(System.nanoTime() - open.startedNanos));
        sessions.put(id, session);
        open.offer.runs(session);
        if (!record.to(MigrationState.COPYING)) {
            session.fail(ErrorCode.CANCELLED, "the grant was taken back");
        }
        return session;
    }

    private void over(SessionId id, SourceSession session, Offer offer) {
        sessions.remove(id, session);
        if (offer.record().state() == MigrationState.COMPLETED) {
            logged(forget(offer));
        }
    }

    private void abandon(SessionId session) {
        HalfOpen open = halfOpen.remove(session);
        if (open != null) {
            open.handshake.close();
        }
    }

    private Future<Void> withdraw(Offer offer) {
        offer.cancel();
        return forget(offer);
    }

    /** The grant can no longer be used; its status stays. */
    private Future<Void> forget(Offer offer) {
        byRendezvous.remove(offer.rendezvous().hex());
        offer.close();
        return engine.mesh().rendezvous().leave(offer.rendezvous());
    }

    private static void logged(Future<Void> removal) {
        removal.onFailure(e -> LOG.warn("a rendezvous stays until it expires: {}", e.getMessage()));
    }

    private Future<Buffer> refused(Throwable cause) {
        MeshException failure = Failures.of(cause, LOG);
        return failure.code() == ErrorCode.INVALID_MESSAGE || cause instanceof HandshakeRefusedException
                ? refuse(String.valueOf(failure.getMessage()))
                : Future.failedFuture(failure);
    }

    private static Future<Buffer> refuse(String reason) {
        LOG.info("handshake refused: {}", reason);
        return Future.failedFuture(new MeshException(ErrorCode.HANDSHAKE_REFUSED, "handshake refused"));
    }

    private <T> Future<T> onWorker(Callable<T> step) {
        return engine.mesh().vertx().executeBlocking(step, false);
    }
}
