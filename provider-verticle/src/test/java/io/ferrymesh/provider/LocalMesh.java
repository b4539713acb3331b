package io.ferrymesh.provider;

import io.ferrymesh.mesh.Channel;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.RendezvousDirectory;
import io.ferrymesh.mesh.RequestHandler;
import io.ferrymesh.mesh.ServiceName;
import io.ferrymesh.mesh.StreamHandler;
import io.ferrymesh.mesh.Topic;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A mesh in the same thread with nobody on it but a key centre, which answers at once, later, wrongly or not at all. */
final class LocalMesh implements Mesh {

    /** Work is done on the spot. */
    static final Workers INLINE = new Workers() {
        @Override
        public <T> Future<T> run(Callable<T> task) {
            try {
                return Future.succeededFuture(task.call());
            } catch (Exception e) {
                return Future.failedFuture(e);
            }
        }
    };

    private record Call(ServiceName service, Buffer payload, Promise<Buffer> reply) {}

    /** Every request, in order. */
    final List<ServiceName> asked = new ArrayList<>();

    final List<Handler<Buffer>> subscribers = new ArrayList<>();

    /** Done when somebody has asked something. */
    final CompletableFuture<Void> firstAsked = new CompletableFuture<>();

    /** Nobody answers. */
    boolean away;
    /** The request arrives and is carried out; the reply does not. */
    boolean loseReplies;
    /** Requests wait until {@link #release()}. */
    boolean hold;
    /** What is refused whatever it is. */
    @Nullable
    ErrorCode refusal;
    /** What happens to replies on the way. */
    UnaryOperator<Buffer> onTheWay = UnaryOperator.identity();

    private final LocalKgc kgc;
    private final @Nullable Vertx vertx;
    private final Deque<Call> held = new ArrayDeque<>();

    LocalMesh(LocalKgc kgc) {
        this(kgc, null);
    }

    LocalMesh(LocalKgc kgc, @Nullable Vertx vertx) {
        this.kgc = kgc;
        this.vertx = vertx;
    }

    int waiting() {
        return held.size();
    }

    long asked(ServiceName service) {
        return asked.stream().filter(service::equals).count();
    }

    /** Answers everything from now on. */
    synchronized void releaseAll() {
        hold = false;
        while (!held.isEmpty()) {
            release();
        }
    }

    /** Answers the oldest request that waits. */
    synchronized void release() {
        Call call = held.remove();
        answer(call);
    }

    @Override
    public synchronized Future<Buffer> call(ServiceName service, Buffer payload) {
        asked.add(service);
        Call call = new Call(service, payload, Promise.promise());
        if (hold) {
            held.add(call);
        } else {
            answer(call);
        }
        firstAsked.complete(null);
        return call.reply().future();
    }

    private void answer(Call call) {
        if (away) {
            call.reply().fail(new MeshException(ErrorCode.UNAVAILABLE, "nobody answers"));
            return;
        }
        if (refusal != null) {
            call.reply().fail(new MeshException(refusal, "refused with " + refusal));
            return;
        }
        Buffer reply;
        try {
            reply = onTheWay.apply(kgc.answer(call.service(), call.payload()));
        } catch (MeshException e) {
            call.reply().fail(e);
            return;
        }
        if (loseReplies) {
            call.reply().fail(new MeshException(ErrorCode.UNAVAILABLE, "no reply in time"));
        } else {
            call.reply().complete(reply);
        }
    }

    @Override
    public void publish(Channel channel, Buffer payload) {
        subscribers.forEach(subscriber -> subscriber.handle(payload));
    }

    @Override
    public Future<Void> subscribe(Channel channel, Handler<Buffer> handler) {
        subscribers.add(handler);
        return Future.succeededFuture();
    }

    @Override
    public Vertx vertx() {
        if (vertx == null) {
            throw new UnsupportedOperationException();
        }
        return vertx;
    }

    @Override
    public PeerAddress address() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Peer peer(PeerAddress address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onRequest(Topic topic, RequestHandler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onStream(Topic topic, StreamHandler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> serve(ServiceName service, RequestHandler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RendezvousDirectory rendezvous() {
        throw new UnsupportedOperationException();
    }

    @Override
    public MeshCounters counters() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
