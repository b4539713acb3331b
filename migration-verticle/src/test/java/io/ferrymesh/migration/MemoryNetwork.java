package io.ferrymesh.migration;

import io.ferrymesh.mesh.Channel;
import io.ferrymesh.mesh.DirectLinks;
import io.ferrymesh.mesh.DirectOffer;
import io.ferrymesh.mesh.DirectSession;
import io.ferrymesh.mesh.Endpoint;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.OutboundStream;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.RendezvousDirectory;
import io.ferrymesh.mesh.RendezvousKey;
import io.ferrymesh.mesh.RequestHandler;
import io.ferrymesh.mesh.ServiceName;
import io.ferrymesh.mesh.StreamHandler;
import io.ferrymesh.mesh.Topic;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A mesh without a cluster: several nodes in one process, and a hand on every frame and request between them. */
final class MemoryNetwork {

    private final Vertx vertx;
    private final Map<PeerAddress, Node> nodes = new ConcurrentHashMap<>();
    private final Map<RendezvousKey, PeerAddress> rendezvous = new ConcurrentHashMap<>();
    private final List<Runnable> losses = new CopyOnWriteArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();

    /** What happens to a frame on its way; null loses it. */
    volatile UnaryOperator<@Nullable Buffer> frames = frame -> frame;

    /** What happens to a request on its way. */
    volatile UnaryOperator<Buffer> requests = request -> request;

    /** Whether nodes offer direct connections and connect to those that do, from now on. */
    volatile boolean direct;

    /** Whether those connections come about. */
    volatile boolean reachable = true;

    /** Streams that were opened, by way. */
    final AtomicInteger overBus = new AtomicInteger();

    final AtomicInteger overDirect = new AtomicInteger();

    private final Map<DirectSession, Expected> expected = new ConcurrentHashMap<>();

    private record Expected(Node by, PeerAddress peer, DirectOffer offer, Promise<Peer> waiting) {}

    /** The directory loses all that is in it. */
    void forgetRendezvous() {
        rendezvous.clear();
        losses.forEach(Runnable::run);
    }

    MemoryNetwork(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Completes when no node lets anybody in. */
    Future<Void> nobodyExpected() {
        return expected.isEmpty() ? Future.succeededFuture() : vertx.timer(5).compose(later -> nobodyExpected());
    }

    Node join() {
        Node node = new Node(new PeerAddress("ferrymesh.node.%032x".formatted(numbers.incrementAndGet())));
        nodes.put(node.address, node);
        return node;
    }

    /** One process. */
    final class Node implements Mesh, RendezvousDirectory {

        private final PeerAddress address;
        private final Context context = vertx.getOrCreateContext();
        private final MeshCounters counters = new MeshCounters();
        private final Map<Topic, RequestHandler> requestHandlers = new ConcurrentHashMap<>();
        private final Map<Topic, StreamHandler> streamHandlers = new ConcurrentHashMap<>();
        private final Queue<Stream> streams = new ArrayDeque<>();

        /** Whether it offers direct connections, where there are some. */
        volatile boolean offers = true;

        /** Whether it connects to those who do. */
        volatile boolean dials = true;

        Node(PeerAddress address) {
            this.address = address;
        }

        @Override
        public Vertx vertx() {
            return vertx;
        }

        @Override
        public PeerAddress address() {
            return address;
        }

        @Override
        public Peer peer(PeerAddress to) {
            return new MemoryPeer(this, to, Optional.empty());
        }

        @Override
        public void onRequest(Topic topic, RequestHandler handler) {
            requestHandlers.put(topic, handler);
        }

        @Override
        public void onStream(Topic topic, StreamHandler handler) {
            streamHandlers.put(topic, handler);
        }

        @Override
        public Future<Void> serve(ServiceName service, RequestHandler handler) {
            return Future.failedFuture(new UnsupportedOperationException("no services here"));
        }

        @Override
        public Future<Buffer> call(ServiceName service, Buffer payload) {
            return Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "no services here"));
        }

        @Override
        public void publish(Channel channel, Buffer payload) {
            throw new UnsupportedOperationException("no channels here");
        }

        @Override
        public Future<Void> subscribe(Channel channel, Handler<Buffer> handler) {
            return Future.failedFuture(new UnsupportedOperationException("no channels here"));
        }

        @Override
        public RendezvousDirectory rendezvous() {
            return this;
        }

        @Override
        public MeshCounters counters() {
            return counters;
        }

        @Override
        public Future<Void> close() {
            nodes.remove(address);
            synchronized (streams) {
                streams.forEach(stream -> stream.finish(new MeshException(ErrorCode.PEER_LOST, "gone")));
            }
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> enter(RendezvousKey key, PeerAddress waiting, Duration timeToLive) {
            rendezvous.put(key, waiting);
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> enterIfLost(RendezvousKey key, PeerAddress waiting, Duration timeToLive) {
            rendezvous.putIfAbsent(key, waiting);
            return Future.succeededFuture();
        }

        @Override
        public void onLoss(Runnable task) {
            losses.add(task);
        }

        @Override
        public Future<PeerAddress> resolve(RendezvousKey key) {
            PeerAddress waiting = rendezvous.get(key);
            return waiting == null
                    ? Future.failedFuture(new MeshException(ErrorCode.GRANT_UNKNOWN, "nobody waits"))
                    : Future.succeededFuture(waiting);
        }

        @Override
        public Future<Void> leave(RendezvousKey key, PeerAddress waited) {
            rendezvous.remove(key, waited);
            return Future.succeededFuture();
        }

        @Override
        public DirectLinks direct() {
            return direct ? new Links(this) : DirectLinks.NONE;
        }

        private Future<Buffer> answer(PeerAddress from, Topic topic, Buffer payload) {
            Promise<Buffer> reply = Promise.promise();
            context.runOnContext(v -> {
                try {
                    Objects.requireNonNull(requestHandlers.get(topic))
                            .handle(from, payload)
                            .onComplete(reply);
                } catch (MeshException e) {
                    reply.fail(e);
                }
            });
            return reply.future();
        }
    }

    /** A node's direct connections. */
    private final class Links implements DirectLinks {

        private final Node node;

        Links(Node node) {
            this.node = node;
        }

        @Override
        public Optional<DirectOffer> offer() {
            byte[] token = new byte[DirectOffer.TOKEN_BYTES];
            token[0] = (byte) numbers.incrementAndGet();
            return node.offers ? Optional.of(new DirectOffer(new Endpoint("memory", 1), token)) : Optional.empty();
        }

        @Override
        public boolean dials() {
            return node.dials;
        }

        @Override
        public Future<Peer> expect(DirectOffer own, DirectSession session, PeerAddress peer) {
            Promise<Peer> waiting = Promise.promise();
            expected.put(session, new Expected(node, peer, new DirectOffer(own.place(), own.token()), waiting));
            return waiting.future();
        }

        @Override
        public Future<Peer> dial(DirectOffer theirs, DirectSession session, PeerAddress peer) {
            Expected there = reachable ? expected.remove(session) : null;
            if (there == null
                    || !there.by.address.equals(peer)
                    || !there.peer.equals(node.address)
                    || !Arrays.equals(there.offer.token(), theirs.token())) {
                return Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "nobody there"));
            }
            there.waiting.complete(new MemoryPeer(there.by, node.address, Optional.of(session)));
            return Future.succeededFuture(new MemoryPeer(node, peer, Optional.of(session)));
        }

        @Override
        public void withdraw(DirectSession session) {
            Expected gone = expected.remove(session);
            if (gone != null) {
                gone.waiting.tryFail(new MeshException(ErrorCode.UNAVAILABLE, "withdrawn"));
            }
        }
    }

    private final class MemoryPeer implements Peer {

        private final Node from;
        private final PeerAddress to;
        private final Optional<DirectSession> session;

        MemoryPeer(Node from, PeerAddress to, Optional<DirectSession> session) {
            this.from = from;
            this.to = to;
            this.session = session;
        }

        @Override
        public PeerAddress address() {
            return to;
        }

        @Override
        public Future<Buffer> request(Topic topic, Buffer payload) {
            Node node = nodes.get(to);
            return node == null
                    ? Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "nobody there"))
                    : node.answer(from.address, topic, requests.apply(payload));
        }

        @Override
        public Future<OutboundStream> open(Topic topic, Buffer hello) {
            Node node = nodes.get(to);
            if (node == null) {
                return Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "nobody there"));
            }
            (session.isPresent() ? overDirect : overBus).incrementAndGet();
            Stream stream = new Stream(from.address, hello, node.context, session);
            Promise<OutboundStream> opened = Promise.promise();
            node.context.runOnContext(v -> Objects.requireNonNull(node.streamHandlers.get(topic))
                    .opened(stream)
                    .onSuccess(credit -> {
                        remember(node, stream);
                        remember(from, stream);
                        stream.grant(credit);
                        opened.complete(stream);
                    })
                    .onFailure(opened::fail));
            return opened.future();
        }

        private void remember(Node node, Stream stream) {
            synchronized (node.streams) {
                node.streams.add(stream);
            }
        }
    }

    /** Both ends of a stream. */
    private final class Stream implements OutboundStream, InboundStream {

        private record Waiting(Buffer frame, Promise<Void> written) {}

        private final PeerAddress from;
        private final Buffer hello;
        private final Context receiver;
        private final Optional<DirectSession> session;
        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private final Promise<Void> closed = Promise.promise();
        private @Nullable Handler<Buffer> handler;
        private long credit;

        Stream(PeerAddress from, Buffer hello, Context receiver, Optional<DirectSession> session) {
            this.session = session;
            this.from = from;
            this.hello = hello;
            this.receiver = receiver;
        }

        @Override
        public PeerAddress from() {
            return from;
        }

        @Override
        public Optional<DirectSession> direct() {
            return session;
        }

        @Override
        public Buffer hello() {
            return hello;
        }

        @Override
        public void frames(Handler<Buffer> frameHandler) {
            handler = frameHandler;
        }

        @Override
        public void grant(long bytes) {
            synchronized (this) {
                credit += bytes;
            }
            pump();
        }

        @Override
        public Future<Void> write(Buffer frame) {
            if (closed.future().isComplete()) {
                ErrorCode code =
                        closed.future().cause() instanceof MeshException failure ? failure.code() : ErrorCode.CANCELLED;
                return Future.failedFuture(new MeshException(code, "the stream is over"));
            }
            Waiting write = new Waiting(frame, Promise.promise());
            synchronized (this) {
                waiting.add(write);
            }
            pump();
            return write.written().future();
        }

        @Override
        public Future<Void> end() {
            receiver.runOnContext(v -> finish(null));
            return closed.future();
        }

        @Override
        public void cancel(ErrorCode code) {
            receiver.runOnContext(v -> finish(new MeshException(code, "cancelled by the other end")));
        }

        @Override
        public Future<Void> closed() {
            return closed.future();
        }

        private synchronized void pump() {
            Waiting next;
            while ((next = waiting.peek()) != null && next.frame().length() <= credit) {
                waiting.remove();
                credit -= next.frame().length();
                Buffer frame = frames.apply(next.frame());
                if (frame != null && handler != null) {
                    Handler<Buffer> to = handler;
                    receiver.runOnContext(v -> to.handle(frame));
                }
                next.written().complete();
            }
        }

        private void finish(@Nullable MeshException failure) {
            boolean first = failure == null ? closed.tryComplete() : closed.tryFail(failure);
            if (first && failure != null) {
                synchronized (this) {
                    waiting.forEach(write -> write.written().tryFail(failure));
                    waiting.clear();
                }
            }
        }
    }
}
