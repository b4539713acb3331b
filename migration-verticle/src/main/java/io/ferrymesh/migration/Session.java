package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * One authenticated run of a migration, at either end: its lanes, and how it ends, which it does once. What comes later must
 * not touch the record, with which the next session goes on. Any thread.
 */
abstract class Session {

    final EngineContext engine;
    final Established established;
    final MigrationRecord record;
    final SessionLanes lanes;
    final PeerStanding peer;
    final LaneWay way;
    final Pool.Share share;
    private final Logger log;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * A session that has just been authenticated.
     *
     * @param incoming how many lanes the peer will open
     * @param share taken over: where its lanes work
     * @param capacity what its lanes may hold
     * @param log the end's own
     */
    Session(
            EngineContext engine,
            Established established,
            MigrationRecord record,
            int incoming,
            Pool.Share share,
            Capacity capacity,
            Logger log) {
        this.engine = engine;
        this.established = established;
        this.record = record;
        this.log = log;
        this.share = share;
        this.peer = new PeerStanding(engine, established);
        this.way = new LaneWay(engine, established);
        this.lanes = new SessionLanes(
                established.session(), established.keys(), incoming, share, capacity.sending(), this::failed);
    }

    /**
     * Admits a lane the peer opened, after its hello proves it.
     *
     * @return the first credit in bytes
     */
    abstract long admit(InboundStream stream, int lane);

    /** Lets go of what the session holds besides its lanes; once, when it has ended. */
    abstract void release();

    final SessionId id() {
        return established.session();
    }

    /** Whether it is over. */
    final boolean isOver() {
        return ended.get();
    }

    /** Ends it with a failure, unless it is over. */
    final void fail(ErrorCode code, String reason) {
        fail(code, code, reason);
    }

    /** The same; the peer learns another code. */
    final void fail(ErrorCode code, ErrorCode told, String reason) {
        if (ended.getAndSet(true)) {
            return;
        }
        if (record.fail(code, reason)) {
            log.warn("migration {} stopped: {}", record.id(), code);
            log.debug("migration {} stopped: {}", record.id(), reason); // there may be a user's path in it
        }
        lanes.cancel(told);
        letGo();
    }

    /** The user gave up, or took the grant back. */
    final void cancel() {
        if (!ended.get() && record.to(MigrationState.CANCELLED)) {
            lanes.cancel(ErrorCode.CANCELLED);
            end();
        }
    }

    /** Fails it if the peer is not to be trusted any more and both have no receipt yet. */
    final void requirePeerTrusted() {
        if (record.state() == MigrationState.COMPLETED) {
            return;
        }
        try {
            peer.require();
        } catch (MeshException e) {
            fail(e.code(), String.valueOf(e.getMessage()));
        }
    }

    /** Gives the peer some time to open its lanes. */
    final void expectLanes() {
        var unused = engine.runtime().after(engine.options().connectTimeout().toMillis(), () -> {
            if (!lanes.complete()) {
                fail(ErrorCode.UNAVAILABLE, "the other end did not open its lanes in time");
            }
        });
    }

    /** Every lane ended by itself, and all was said. */
    final void finish() {
        lanes.close();
        end();
    }

    /** What its lanes and workers could not go on with. */
    final void failed(Throwable cause) {
        if (ended.get()) {
            return;
        }
        if (record.state() == MigrationState.COMPLETED) {
            lanes.cancel(ErrorCode.CANCELLED);
            end();
        } else {
            MeshException failure = Failures.of(cause, log);
            fail(failure.code(), String.valueOf(failure.getMessage()));
        }
    }

    private void end() {
        if (!ended.getAndSet(true)) {
            letGo();
        }
    }

    private void letGo() {
        way.close();
        release();
        share.close();
    }
}
