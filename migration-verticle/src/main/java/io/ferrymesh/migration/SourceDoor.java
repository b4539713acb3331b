package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Handshake;
import io.ferrymesh.scheme.HandshakeLimiter;
import io.ferrymesh.scheme.HandshakeRefusedException;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.ReplayCache;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source's side of handshakes. Before a caller has shown that it holds a grant's key, it costs two map look-ups and one
 * tag for each trusted key, of which there are few. Whatever is wrong, the caller learns HANDSHAKE_REFUSED and nothing else, but
 * for OVERLOADED, which only who holds the grant's key learns. Any thread.
 */
final class SourceDoor {

    private static final Logger LOG = LoggerFactory.getLogger(SourceDoor.class);

    /** Half-open handshakes at once, over all grants. */
    private static final int MAX_HALF_OPEN = 1_024;

    /** How long a destination may take between messages 2 and 3. */
    private static final long HALF_OPEN_MS = 15_000;

    /** How many first messages, and grants that were knocked at, are remembered, and how long. */
    private static final int REMEMBERED = 100_000;

    private static final long REMEMBERED_MS = 3_600_000;

    /** Message 1 with its version: longer ones are not even hashed. */
    private static final int MAX_FIRST_MESSAGE_BYTES = 33 + 1 + 16;

    private final EngineContext engine;
    private final Handshakes handshakes;
    private final Refusals refusals;
    private final Capacity capacity;
    private final Function<String, Optional<Offer>> offers;
    private final Predicate<String> makeRoom;
    private final Map<SessionId, HalfOpen> halfOpen = new ConcurrentHashMap<>();

    // under replays: neither is thread-safe
    private final ReplayCache replays = new ReplayCache(REMEMBERED, REMEMBERED_MS);
    private final HandshakeLimiter limiter;

    /** Between messages 2 and 3. */
    private record HalfOpen(
            Offer offer, Handshake handshake, Credentials credentials, Introduction own, long startedNanos) {

        /** Wipes what no session takes over. */
        void close() {
            handshake.close();
            own.close();
        }
    }

    /**
     * A handshake that succeeded.
     *
     * @param startedNanos when its first message came
     */
    record Admitted(Offer offer, Established established, long startedNanos) {}

    /**
     * A door with nobody in front.
     *
     * @param offers finds a grant by its rendezvous in hex
     * @param makeRoom ends a session that stands still, so that an owner can have another one; whether there was one
     */
    SourceDoor(
            EngineContext engine,
            Capacity capacity,
            Refusals refusals,
            Function<String, Optional<Offer>> offers,
            Predicate<String> makeRoom) {
        this.engine = engine;
        this.handshakes = new Handshakes(engine);
        this.refusals = refusals;
        this.capacity = capacity;
        this.offers = offers;
        this.makeRoom = makeRoom;
        this.limiter = new HandshakeLimiter(REMEMBERED, engine.options().handshakesPerGrant(), REMEMBERED_MS);
    }

    /** Message 1 in, message 2 out. */
    Future<Buffer> hello(Buffer payload) {
        try {
            Wire.Message first = Wire.decode(payload);
            Offer offer = offers.apply(SessionId.of(first.id()).hex())
                    .orElseThrow(() -> new Refused(Refusals.Reason.NO_GRANT, "nothing waits at that rendezvous"));
            requireNew(first.message());
            long started = engine.runtime().nanoTime();
            return onWorker(() -> admit(offer, first.message()))
                    .compose(kgc -> credentials(offer, kgc))
                    .compose(credentials -> onWorker(() -> answer(offer, credentials, first.message(), started)))
                    .onFailure(e -> refused(offer, e))
                    .recover(this::refuse);
        } catch (MeshException | Refused e) {
            return refuse(e);
        }
    }

    /** Message 3 in; whoever gets past it holds the grant's key and a valid certificate. */
    Future<Admitted> confirm(Buffer payload) {
        try {
            Wire.Message third = Wire.decode(payload);
            SessionId session = SessionId.of(third.id());
            HalfOpen open = halfOpen.remove(session);
            if (open == null) {
                throw new Refused(Refusals.Reason.UNKNOWN_HANDSHAKE, "no such half-open handshake");
            }
            open.offer.closeHandshake();
            return onWorker(() -> finish(session, open, third.message()))
                    .onFailure(e -> {
                        open.close();
                        refused(open.offer, e);
                    })
                    .recover(this::refuse);
        } catch (MeshException | Refused e) {
            return refuse(e);
        }
    }

    /** Counts why, and says no more than that; but who holds the grant's key learns that it may come later. */
    <T> Future<T> refuse(Throwable cause) {
        Refused why = reason(cause);
        refusals.count(why.reason(), String.valueOf(why.getMessage()));
        if (isForLater(why.reason())) {
            return Future.failedFuture(new MeshException(ErrorCode.OVERLOADED, "too many sessions, later is fine"));
        }
        return Future.failedFuture(new MeshException(ErrorCode.HANDSHAKE_REFUSED, "handshake refused"));
    }

    /** Without a credential of the only key there is nothing else to try either; of several keys, the next one may have some. */
    private boolean isForLater(Refusals.Reason reason) {
        return reason.isForLater()
                || (reason == Refusals.Reason.NO_CREDENTIALS
                        && engine.trust().keys().size() == 1);
    }

    /** The grant's user is told of who was refused, not of who comes at a bad time. */
    private static void refused(Offer offer, Throwable cause) {
        if (!(cause instanceof Refused why && why.reason().isNobodysFault())) {
            offer.refused();
        }
    }

    private void requireNew(byte[] first) {
        if (first.length > MAX_FIRST_MESSAGE_BYTES) {
            throw new Refused(Refusals.Reason.MALFORMED, "a first message of " + first.length + " bytes");
        }
        synchronized (replays) {
            if (replays.seen(first, engine.clock().millis())) {
                throw new Refused(Refusals.Reason.REPLAYED, "a first message that came before");
            }
        }
    }

    /** The key whose tag verifies, before anything that costs more: only who holds the grant's key gets past it. */
    private KgcPublicKey admit(Offer offer, byte[] first) {
        SourceOffer source = offer.source();
        KgcPublicKey kgc = engine.trust().keys().stream()
                .filter(key -> Handshake.isFirstMessage(key, source.id(), source.psk(), first))
                .findFirst()
                .orElseThrow(() -> new Refused(
                        Refusals.Reason.NO_KEY, "migration " + source.id() + ": neither the grant's key nor ours"));
        if (!offer.mayBegin()
                || (!offer.isRunning() && !hasRoom(source.owner()))) { // neither remembered nor counted: it comes again
            throw Refused.overloaded();
        }
        long now = engine.clock().millis();
        synchronized (replays) {
            if (!replays.remember(first, now)) {
                throw new Refused(Refusals.Reason.REPLAYED, "a first message that came before");
            }
            if (!limiter.admit(source.id(), now)) {
                throw new Refused(Refusals.Reason.TOO_MANY_HANDSHAKES, "migration " + source.id());
            }
        }
        return kgc;
    }

    /** Whether there is a place, after one that stands still has made it if need be. */
    private boolean hasRoom(String owner) {
        return !capacity.isFull(owner, halfOpen.size())
                || (makeRoom.test(owner) && !capacity.isFull(owner, halfOpen.size()));
    }

    private static Future<Credentials> credentials(Offer offer, KgcPublicKey kgc) {
        return offer.credentials(kgc)
                .recover(e -> Future.failedFuture(new Refused(
                        Refusals.Reason.NO_CREDENTIALS,
                        "migration " + offer.source().id() + ": " + e.getMessage(),
                        e)));
    }

    private Buffer answer(Offer offer, Credentials credentials, byte[] first, long started) {
        requireTrusted(credentials.kgc());
        if (halfOpen.size() >= MAX_HALF_OPEN || !offer.openHandshake()) {
            throw new Refused(
                    Refusals.Reason.TOO_MANY_HALF_OPEN,
                    "migration " + offer.source().id());
        }
        Handshake handshake = handshakes.source(offer.source(), credentials.agreement());
        Introduction own = handshakes.introduction(
                credentials.signing(), engine.mesh().direct().offer());
        try {
            byte[] version = handshake.read(first);
            if (version.length != 1 || version[0] != Lanes.VERSION) {
                throw Wire.invalid("a destination of unknown version");
            }
            SessionId session = SessionId.random(engine.random());
            byte[] second = own.write(handshake);
            halfOpen.put(session, new HalfOpen(offer, handshake, credentials, own, started));
            var unused = engine.runtime().after(HALF_OPEN_MS, () -> abandon(session));
            return Wire.encode(session.bytes(), second);
        } catch (RuntimeException e) {
            offer.closeHandshake();
            own.close();
            handshake.close();
            throw e;
        }
    }

    private Admitted finish(SessionId session, HalfOpen open, byte[] third) {
        requireTrusted(open.credentials.kgc());
        Introduction peer = introduction(open.handshake, third);
        try {
            handshakes.checkSigning(open.credentials.kgc(), peer.signing());
        } catch (MeshException e) {
            peer.close();
            throw new Refused(Refusals.Reason.SIGNING_CERTIFICATE, String.valueOf(e.getMessage()), e);
        }
        return new Admitted(
                open.offer,
                new Established(
                        session,
                        open.credentials.kgc(),
                        open.handshake.result(),
                        open.own,
                        peer,
                        open.credentials.signing(),
                        open.credentials.agreement().certificate()),
                open.startedNanos);
    }

    private static Introduction introduction(Handshake handshake, byte[] third) {
        try {
            return Introduction.read(handshake, third);
        } catch (MeshException e) {
            throw new Refused(Refusals.Reason.MALFORMED, String.valueOf(e.getMessage()), e);
        }
    }

    /** What is of a retired key may have been wiped since the first message. */
    private void requireTrusted(KgcPublicKey kgc) {
        if (!handshakes.isTrusted(kgc)) {
            throw new Refused(Refusals.Reason.NO_KEY, "the key was retired during the handshake");
        }
    }

    private void abandon(SessionId session) {
        HalfOpen open = halfOpen.remove(session);
        if (open != null) {
            open.offer.closeHandshake();
            open.close();
        }
    }

    private static Refused reason(Throwable cause) {
        if (cause instanceof Refused refused) {
            return refused;
        }
        if (cause instanceof HandshakeRefusedException refused) {
            return new Refused(Refusals.Reason.HANDSHAKE, String.valueOf(refused.reason()), refused);
        }
        if (cause instanceof MeshException known) {
            boolean malformed = known.code() == ErrorCode.INVALID_MESSAGE;
            return new Refused(
                    malformed ? Refusals.Reason.MALFORMED : Refusals.Reason.GRANT_ENDED,
                    String.valueOf(known.getMessage()),
                    known);
        }
        LOG.error("a handshake failed unexpectedly", cause);
        return new Refused(Refusals.Reason.INTERNAL, String.valueOf(cause), cause);
    }

    private <T> Future<T> onWorker(Callable<T> step) {
        return engine.runtime().aside(step);
    }
}
