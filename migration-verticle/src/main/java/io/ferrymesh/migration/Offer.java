package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.RendezvousKey;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Rendezvous;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A grant that waits at the source, or is in use. Takes credentials of a key when the first destination shows up under that
 * key, and keeps them for every attempt under this grant, so that knocking does not drain the pool, until the key is retired
 * or the grant ends. Any thread.
 */
final class Offer implements AutoCloseable {

    /** Half-open handshakes under one grant. */
    private static final int MAX_HALF_OPEN = 4;

    /** What a credential must still last to be used for another handshake. */
    private static final long LAST_SECONDS = 600;

    private final SourceOffer source;
    private final EngineContext engine;
    private final RendezvousKey rendezvous;
    private final MigrationRecord record;
    private final AtomicInteger halfOpen = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private volatile EngineRuntime.Timer timer = () -> {};

    // under this
    private final Map<KgcPublicKey, Future<Credentials>> credentials = new HashMap<>();
    private final List<Future<Credentials>> retired = new ArrayList<>();
    private @Nullable SourceSession session;
    private boolean closed;

    Offer(SourceOffer source, EngineContext engine) {
        this.source = source;
        this.engine = engine;
        this.rendezvous = Handshakes.key(Rendezvous.address(source.psk(), source.id()));
        this.record = new MigrationRecord(source.id(), MigrationState.WAITING, engine.clock());
    }

    SourceOffer source() {
        return source;
    }

    RendezvousKey rendezvous() {
        return rendezvous;
    }

    MigrationRecord record() {
        return record;
    }

    /** Whether what moves under it may begin to now. Worker. */
    boolean mayBegin() {
        return source.departures().map(DepartureLog::mayBegin).orElse(true);
    }

    /** Whether it can no longer be used. */
    boolean over() {
        return record.state() == MigrationState.COMPLETED || record.state() == MigrationState.CANCELLED;
    }

    /** What this grant's handshakes under a key use, the same for all of them. The key is one that is trusted. */
    synchronized Future<Credentials> credentials(KgcPublicKey kgc) {
        if (closed) {
            return Future.failedFuture(new MeshException(ErrorCode.GRANT_UNKNOWN, "the grant has ended"));
        }
        Future<Credentials> taken = credentials.get(kgc);
        if (taken == null || taken.failed() || expiring(taken)) {
            if (taken != null) {
                retired.add(taken);
            }
            taken = Credentials.take(engine.credentials(), kgc);
            credentials.put(kgc, taken);
        }
        return taken;
    }

    /** Wipes what is of none of these keys: with a retired one nothing can be begun any more, and no receipt be signed. */
    synchronized void dropRetired(Set<KgcPublicKey> trusted) {
        credentials.entrySet().removeIf(held -> !trusted.contains(held.getKey()) && wiped(held.getValue()));
        retired.removeIf(
                taken -> taken.succeeded() && !trusted.contains(taken.result().kgc()) && wiped(taken));
    }

    private static boolean wiped(Future<Credentials> taken) {
        taken.onSuccess(Credentials::close);
        return true;
    }

    /** A credential that would not last through a migration is not used for another handshake. */
    private boolean expiring(Future<Credentials> taken) {
        long soon = engine.clock().instant().getEpochSecond() + LAST_SECONDS;
        return taken.succeeded() && taken.result().expires() < soon;
    }

    /** Somebody who knows its rendezvous was refused. */
    void refused() {
        refused.incrementAndGet();
    }

    /** How often somebody was. */
    long refusals() {
        return refused.get();
    }

    /** Claims a place for one more half-open handshake. */
    boolean openHandshake() {
        if (halfOpen.incrementAndGet() <= MAX_HALF_OPEN) {
            return true;
        }
        closeHandshake();
        return false;
    }

    /** Gives the place back. */
    void closeHandshake() {
        halfOpen.decrementAndGet();
    }

    /** The expiry that takes the grant back. */
    void expiresBy(EngineRuntime.Timer newTimer) {
        timer = newTimer;
    }

    EngineRuntime.Timer timer() {
        return timer;
    }

    /** The record, ready for another session; what ran before under this grant ends. */
    MigrationRecord restart() {
        running().ifPresent(before -> before.fail(ErrorCode.CANCELLED, "the destination started again"));
        if (!record.to(MigrationState.CONNECTING)) {
            throw new MeshException(ErrorCode.CANCELLED, "the grant was taken back");
        }
        return record;
    }

    synchronized void runs(SourceSession next) {
        session = next;
    }

    /** Whether a session runs, which the next one ends. */
    synchronized boolean isRunning() {
        return session != null;
    }

    /** Lets go of a session that is over, with its lanes and their buffers. */
    synchronized void over(SourceSession ended) {
        if (session == ended) {
            session = null;
        }
    }

    /** Ends what runs and refuses what may come. */
    void cancel() {
        running().ifPresent(SourceSession::cancel);
        record.cancel();
    }

    /** Ends what runs so that the destination tries again, and refuses what may come. */
    synchronized void release() {
        running().ifPresent(session -> session.fail(ErrorCode.UNAVAILABLE, "the grant goes on elsewhere"));
        record.cancel();
    }

    /** Wipes the grant's key and the credentials. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            retired.addAll(credentials.values()); // what a session may still be using is wiped here at the latest
            retired.forEach(taken -> taken.onSuccess(Credentials::close));
        }
        source.psk().close();
        source.vouchers().close();
    }

    private synchronized Optional<SourceSession> running() {
        return Optional.ofNullable(session);
    }
}
