package io.ferrymesh.mesh.direct;

import io.ferrymesh.mesh.DirectLinks;
import io.ferrymesh.mesh.DirectOffer;
import io.ferrymesh.mesh.DirectOptions;
import io.ferrymesh.mesh.DirectSession;
import io.ferrymesh.mesh.Endpoint;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.stream.CallerContext;
import io.ferrymesh.mesh.wire.Id128;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Direct connections of one process, as its options have them. Any thread. */
public final class DirectMesh implements DirectLinks {

    private final DirectContext context;
    private final DirectOptions options;
    private final Listener listener;
    private final Dialler dialler;
    private volatile @Nullable Endpoint told;
    private volatile boolean closed;

    public DirectMesh(DirectContext context) {
        this.context = context;
        this.options = context.options().direct();
        this.listener = new Listener(context);
        this.dialler = new Dialler(context, isLoopback(context.options().host()));
    }

    private static boolean isLoopback(String host) {
        try {
            boolean literal = host.matches("[0-9.]+") || host.contains(":");
            return host.equals("localhost")
                    || (literal && InetAddress.getByName(host).isLoopbackAddress());
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Listens, if the options say so. Fails when the address is taken. */
    public Future<Void> start() {
        return options.listen()
                .map(at -> listener.listen(at).<Void>map(port -> {
                    told = new Endpoint(
                            options.publicHost().orElse(at.host()),
                            options.publicPort().orElse(port));
                    return null;
                }))
                .orElseGet(Future::succeededFuture);
    }

    @Override
    public Optional<DirectOffer> offer() {
        return Optional.ofNullable(told).map(place -> {
            byte[] token = new byte[DirectOffer.TOKEN_BYTES];
            context.random().nextBytes(token);
            DirectOffer offer = new DirectOffer(place, token);
            Arrays.fill(token, (byte) 0);
            return offer;
        });
    }

    @Override
    public boolean dials() {
        return options.dials();
    }

    @Override
    public Future<Peer> expect(DirectOffer own, DirectSession session, PeerAddress peer) {
        Promise<Peer> waiting = CallerContext.promise();
        if (told == null) {
            return Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "this process does not listen"));
        }
        byte[] token = own.token(); // now: the offer may be wiped before the event loop comes to it
        context.loop().execute(() -> listener.expect(token, session, DirectContext.id(peer), waiting));
        return waiting.future();
    }

    @Override
    public Future<Peer> dial(DirectOffer theirs, DirectSession session, PeerAddress peer) {
        Promise<Peer> waiting = CallerContext.promise();
        if (!dials() || closed) {
            return Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "this process does not connect"));
        }
        byte[] token = theirs.token();
        Id128 id = DirectContext.id(peer);
        context.loop().execute(() -> context.context()
                .dispatch(() -> dialler.dial(theirs.place(), token, session, id, waiting)));
        return waiting.future();
    }

    @Override
    public void withdraw(DirectSession session) {
        context.loop().execute(() -> listener.withdraw(session));
    }

    /** Listens and connects no more; connections that are there are their streams' to end. Any thread. */
    public Future<Void> close() {
        told = null;
        closed = true;
        Promise<Void> done = Promise.promise();
        context.loop().execute(() -> Future.join(listener.close(), dialler.close())
                .<Void>mapEmpty()
                .onComplete(done));
        return done.future();
    }
}
