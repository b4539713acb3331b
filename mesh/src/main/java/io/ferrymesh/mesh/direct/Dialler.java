package io.ferrymesh.mesh.direct;

import io.ferrymesh.mesh.DirectSession;
import io.ferrymesh.mesh.Endpoint;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshCounters.Carried;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.mesh.wire.Id128;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Connects to where peers offer it. A peer chooses the place, so nothing is sent there but 84 octets, none of them its choice,
 * until it has proved that it is the peer, and some addresses are never connected to. Event loop only.
 */
final class Dialler {

    /** How long everything may take, until both ends have proved themselves. */
    static final int DIAL_MS = 3_000;

    private final DirectContext context;
    private final boolean loopbackToo;
    private final Set<Called> calling = new HashSet<>();
    private @Nullable NetClient client;
    private boolean closed;

    /**
     * A dialler that has connected to nobody.
     *
     * @param loopbackToo whether this machine's own addresses may be connected to: only where the cluster is on them too
     */
    Dialler(DirectContext context, boolean loopbackToo) {
        this.context = context;
        this.loopbackToo = loopbackToo;
    }

    /** Completes {@code waiting}, or fails it with UNAVAILABLE in time. Takes the token over. */
    void dial(Endpoint place, byte[] token, DirectSession session, Id128 peer, Promise<Peer> waiting) {
        Called called = new Called(token, session, peer, waiting);
        if (closed) {
            called.wipe();
            called.fail("this process is leaving");
            return;
        }
        calling.add(called);
        long timer = context.later(DIAL_MS, () -> called.fail("no direct connection in time"));
        waiting.future().onComplete(done -> {
            context.cancel(timer);
            called.wipe();
            context.loop().execute(() -> calling.remove(called)); // who waits may be told elsewhere
        });
        resolve(place).compose(this::connect).onComplete((socket, failure) -> {
            if (socket == null) {
                called.fail("no direct connection: " + (failure == null ? "" : failure.getMessage()));
            } else {
                called.over(socket);
            }
        });
    }

    private Future<InetSocketAddress> resolve(Endpoint place) {
        return context.context()
                .owner()
                .nameResolver()
                .resolve(place.host())
                .compose(address -> mayDial(address, loopbackToo)
                        ? Future.succeededFuture(new InetSocketAddress(address, place.port()))
                        : Future.failedFuture("an address that is not connected to"));
    }

    /** Nobody offers an address that is no other machine's, but to have this one connect to what only it can reach. */
    static boolean mayDial(InetAddress address, boolean loopbackToo) {
        return !address.isAnyLocalAddress()
                && !address.isMulticastAddress()
                && !address.isLinkLocalAddress()
                && (loopbackToo || !address.isLoopbackAddress());
    }

    private Future<NetSocket> connect(InetSocketAddress to) {
        NetClient by = client;
        if (by == null) {
            by = context.context()
                    .owner()
                    .createNetClient(new NetClientOptions().setTcpNoDelay(true).setConnectTimeout(DIAL_MS));
            client = by;
        }
        return by.connect(SocketAddress.inetSocketAddress(to));
    }

    /** Somebody who is called. */
    private final class Called extends Talk {

        private final byte[] token;
        private final DirectSession session;
        private final Id128 peer;
        private final Preamble preamble;
        private final Promise<Peer> waiting;
        private @Nullable DirectConnection connection;

        Called(byte[] token, DirectSession session, Id128 peer, Promise<Peer> waiting) {
            super(context.streams(), context.counters());
            this.token = token;
            this.session = session;
            this.peer = peer;
            this.preamble = new Preamble(Id128.random(context.random()), session, context.self(), peer);
            this.waiting = waiting;
        }

        void over(NetSocket socket) {
            DirectConnection taken = DirectConnection.over(socket, context.context(), Preamble.ANSWER_BYTES, this);
            connection = taken;
            if (waiting.future().isComplete()) {
                taken.close();
            } else {
                taken.sendRaw(preamble.dial(token));
            }
        }

        void fail(String why) {
            if (waiting.tryFail(new MeshException(ErrorCode.UNAVAILABLE, why))) {
                context.counters().count(Carried.DIALS_FAILED);
                if (connection != null) {
                    connection.close();
                }
            }
        }

        void wipe() {
            Arrays.fill(token, (byte) 0);
        }

        @Override
        public boolean first(byte[] octets, boolean more) {
            DirectConnection on = connection;
            if (on == null || waiting.future().isComplete() || !preamble.isAnswered(octets, token)) {
                count(Event.DIRECT_UNPROVEN);
                fail("the other end did not prove itself");
                return false;
            }
            on.isFor(session);
            boolean unused = waiting.tryComplete(context.peer(peer, begin(peer, on)));
            return true;
        }

        @Override
        void goneUnproven(String why) {
            fail("no direct connection: " + why);
        }
    }

    /** Connects to nobody any more, and wipes the tokens. */
    Future<Void> close() {
        closed = true;
        List.copyOf(calling).forEach(called -> {
            called.fail("this process is leaving");
            called.wipe(); // now: who waits may be told later
        });
        NetClient open = client;
        return open == null ? Future.succeededFuture() : open.close();
    }
}
