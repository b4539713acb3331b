package io.ferrymesh.mesh.direct;

import io.ferrymesh.mesh.DirectSession;
import io.ferrymesh.mesh.Endpoint;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.mesh.wire.Id128;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one listener of a process. Who connects has 2 s to prove that it is expected, in 84 octets; who does not is closed without
 * a word. Until then a connection costs those 84 octets and a place among few. Event loop only, except where said.
 */
final class Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** How long a peer may take to come. */
    static final long EXPECT_MS = 30_000;
    /** How long a connection may take to prove something. */
    static final long PROVE_MS = 2_000;

    private final DirectContext context;
    private final Expectations<Promise<Peer>> expectations;
    private final Unproven unproven = new Unproven();
    private @Nullable NetServer server;
    private boolean closed;

    Listener(DirectContext context) {
        this.context = context;
        this.expectations = new Expectations<>(context.self());
    }

    /** Listens; completes with the port. Any thread. */
    Future<Integer> listen(Endpoint at) {
        Promise<Integer> listening = Promise.promise();
        context.context().runOnContext(v -> {
            NetServer opened = context.context()
                    .owner()
                    .createNetServer(new NetServerOptions().setTcpNoDelay(true))
                    .connectHandler(this::connected)
                    .exceptionHandler(cause -> LOG.debug("a connection could not be accepted: {}", cause.getMessage()));
            server = opened;
            opened.listen(at.port(), at.host()).map(NetServer::actualPort).onComplete(listening);
        });
        return listening
                .future()
                .recover(cause -> Future.failedFuture(
                        new IllegalStateException("direct.listen must be an address that is free: " + at, cause)));
    }

    /** Takes the token over. */
    void expect(byte[] token, DirectSession session, Id128 peer, Promise<Peer> waiting) {
        if (closed) {
            Arrays.fill(token, (byte) 0);
            waiting.fail(new MeshException(ErrorCode.UNAVAILABLE, "this process is leaving"));
            return;
        }
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EXPECT_MS);
        if (!expectations.add(session, peer, token, until, waiting)) {
            Arrays.fill(token, (byte) 0);
            waiting.fail(new MeshException(ErrorCode.OVERLOADED, "too many peers are expected, or this one twice"));
            return;
        }
        long timer = context.later(
                EXPECT_MS, () -> tell(expectations.remove(session, waits -> waits == waiting), "did not come in time"));
        waiting.future().onComplete(done -> context.cancel(timer));
    }

    void withdraw(DirectSession session) {
        tell(expectations.remove(session), "is not expected any more");
    }

    private static void tell(Optional<Promise<Peer>> waiting, String why) {
        waiting.ifPresent(promise -> promise.tryFail(new MeshException(ErrorCode.UNAVAILABLE, "the peer " + why)));
    }

    private void connected(NetSocket socket) {
        String address = String.valueOf(socket.remoteAddress().hostAddress());
        if (!unproven.enter(address)) {
            context.counters().count(Event.DIRECT_TOO_MANY);
            socket.close().onFailure(cause -> LOG.trace("closing one connection too many failed", cause));
            return;
        }
        Caller caller = new Caller(address);
        caller.over(socket);
    }

    /** Somebody who has connected. */
    private final class Caller extends Talk {

        private final String address;
        private @Nullable DirectConnection connection;
        private long timer;
        private boolean over;

        Caller(String address) {
            super(context.streams(), context.counters());
            this.address = address;
        }

        void over(NetSocket socket) {
            DirectConnection taken = DirectConnection.over(socket, context.context(), Preamble.DIAL_BYTES, this);
            connection = taken;
            timer = context.later(PROVE_MS, () -> {
                leave(Event.DIRECT_LATE);
                taken.close();
            });
        }

        /** No longer one of those who have proved nothing. */
        private void leave(@Nullable Event why) {
            if (over) {
                return;
            }
            over = true;
            unproven.leave(address);
            context.cancel(timer);
            if (why != null) {
                count(why);
            }
        }

        @Override
        public boolean first(byte[] octets, boolean more) {
            DirectConnection on = connection;
            Expectations.Admitted<Promise<Peer>> admitted = more || over || on == null
                    ? null // a peer waits for the answer
                    : expectations.admit(octets, System.nanoTime()).orElse(null);
            if (admitted == null || on == null) {
                leave(Event.DIRECT_UNPROVEN);
                return false;
            }
            leave(null);
            on.isFor(admitted.session());
            on.sendRaw(admitted.answer());
            boolean unused = admitted.waiting().tryComplete(context.peer(admitted.peer(), begin(admitted.peer(), on)));
            return true;
        }

        @Override
        void goneUnproven(String why) {
            leave(Event.DIRECT_UNPROVEN);
        }
    }

    /** Lets nobody in any more, and wipes the tokens. */
    Future<Void> close() {
        closed = true;
        expectations.removeAll().forEach(waiting -> tell(Optional.of(waiting), "is not expected any more"));
        NetServer open = server;
        return open == null ? Future.succeededFuture() : open.close();
    }
}
