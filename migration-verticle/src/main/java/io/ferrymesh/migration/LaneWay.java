package io.ferrymesh.migration;

import io.ferrymesh.mesh.DirectLinks;
import io.ferrymesh.mesh.DirectOffer;
import io.ferrymesh.mesh.DirectSession;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.Peer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;

/**
 * Which way the lanes of one session are opened: on a direct connection if one end offers it and the other can connect, over
 * the bus otherwise. The destination connects to the source if that offers it; else the source connects to the destination. Both
 * ways work at once: each end decides for the lanes that it opens. Any thread.
 */
final class LaneWay {

    /** How long the end that is connected to waits; the other one gives up before. */
    static final long WAIT_MS = 4_000;

    private final Mesh mesh;
    private final EngineRuntime runtime;
    private final Established with;
    private final DirectSession session;
    private final Promise<Peer> way = Promise.promise();

    // under this
    private boolean expected;
    private boolean closed;

    LaneWay(EngineContext engine, Established with) {
        this.mesh = engine.mesh();
        this.runtime = engine.runtime();
        this.with = with;
        this.session = new DirectSession(with.session().hex());
    }

    /**
     * What a destination offers a source: nothing where it can connect itself to what the source offers.
     *
     * @param theirs what the source offers
     */
    static Optional<DirectOffer> answer(DirectLinks direct, Optional<DirectOffer> theirs) {
        return theirs.isPresent() && direct.dials() ? Optional.empty() : direct.offer();
    }

    /** Lets the peer in from now on, if this end has offered it: before the peer can know that it may come. */
    synchronized void prepare() {
        if (closed || !isExpecting()) {
            return;
        }
        expected = true;
        mesh.direct()
                .expect(with.own().offer().orElseThrow(), session, with.peer().address())
                .onSuccess(way::tryComplete)
                .onFailure(e -> overBus());
        var unused = runtime.after(WAIT_MS, this::overBus);
    }

    /** The peer, by the way that lanes to it take; connects first if that is this end's part. Never fails. */
    synchronized Future<Peer> peer() {
        Optional<DirectOffer> theirs = with.peer().offer();
        if (closed || isExpecting()) {
            return way.future();
        }
        if (theirs.isPresent() && !isOwn() && mesh.direct().dials()) {
            mesh.direct()
                    .dial(theirs.get(), session, with.peer().address())
                    .onSuccess(way::tryComplete)
                    .onFailure(e -> overBus());
        } else {
            overBus();
        }
        return way.future();
    }

    private boolean isExpecting() {
        return with.own().offer().isPresent() && !isOwn();
    }

    /** The peer has opened a lane over the bus: it does not connect, or could not. */
    void overBus() {
        boolean unused = way.tryComplete(mesh.peer(with.peer().address()));
    }

    /** Lets nobody in any more, and wipes the tokens. */
    void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (expected) { // or it would be what another session by that id expects
                mesh.direct().withdraw(session);
            }
            with.own().close();
            with.peer().close();
        }
        overBus();
    }

    /** Within one process nothing is faster than the bus. */
    private boolean isOwn() {
        return with.peer().address().equals(mesh.address());
    }
}
