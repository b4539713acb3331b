package io.ferrymesh.mesh;

import io.vertx.core.Future;
import java.util.Optional;

/**
 * Connections of their own between two processes, beside the bus: one for each session, proved by a token that only its two
 * ends know. What is opened over one behaves as on the bus, and goes on over the bus when the connection breaks. Any thread;
 * futures complete as those of {@link Mesh}.
 */
public interface DirectLinks {

    /** Of a process that neither listens nor connects. */
    DirectLinks NONE = new DirectLinks() {
        @Override
        public Optional<DirectOffer> offer() {
            return Optional.empty();
        }

        @Override
        public boolean dials() {
            return false;
        }

        @Override
        public Future<Peer> expect(DirectOffer own, DirectSession session, PeerAddress peer) {
            return Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "this process does not listen"));
        }

        @Override
        public Future<Peer> dial(DirectOffer theirs, DirectSession session, PeerAddress peer) {
            return Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "this process does not connect"));
        }

        @Override
        public void withdraw(DirectSession session) {}
    };

    /** A fresh offer; empty when this process does not listen. Nothing is remembered of it before {@link #expect}. */
    Optional<DirectOffer> offer();

    /** Whether this process connects to peers that offer it. */
    boolean dials();

    /**
     * Lets {@code peer} in once, for this session, within 30 s. Completes when it has proved itself, with a peer that opens
     * streams on its connection; fails with UNAVAILABLE when it did not come in time or was withdrawn, with OVERLOADED when
     * too many are expected.
     */
    Future<Peer> expect(DirectOffer own, DirectSession session, PeerAddress peer);

    /**
     * Connects as was offered. Completes when both ends have proved the token, with a peer that opens streams on the
     * connection; fails with UNAVAILABLE within 3 s otherwise.
     */
    Future<Peer> dial(DirectOffer theirs, DirectSession session, PeerAddress peer);

    /** Lets nobody in for this session any more. A connection that is there stays as long as it has streams. */
    void withdraw(DirectSession session);
}
