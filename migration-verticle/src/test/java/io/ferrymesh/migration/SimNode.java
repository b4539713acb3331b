package io.ferrymesh.migration;

import io.ferrymesh.mesh.Channel;
import io.ferrymesh.mesh.ErrorCode;
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
import io.ferrymesh.mesh.stream.Owner;
import io.ferrymesh.mesh.stream.StreamHub;
import io.ferrymesh.mesh.stream.StreamOptions;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A process in a simulated world: the real streams over the simulated network, and the engine's timers, steps and workers as
 * events of that world. Once it is killed nothing of it happens any more.
 */
final class SimNode implements Mesh, RendezvousDirectory, EngineRuntime {

    private static final StreamOptions STREAMS = new StreamOptions(10_000, 5_000, 2_000, 10_000);
    private static final long REQUEST_TIMEOUT_NANOS = 5_000_000_000L;
    private static final Duration STEP = Duration.ofMillis(2);
    private static final Duration TURN = Duration.ofNanos(200_000);

    final Id128 id;
    final StreamHub hub;
    private Runnable onLoss = () -> {};
    private final SimNetwork network;
    private final SimWorld world;
    private final MeshCounters counters = new MeshCounters();
    private final Map<String, RequestHandler> handlers = new HashMap<>();
    private final Map<Id128, Waiting> waiting = new HashMap<>();
    private boolean alive = true;

    private record Waiting(Id128 from, Promise<Buffer> reply) {}

    SimNode(SimNetwork network) {
        this.network = network;
        this.world = network.world;
        this.id = Id128.random(world.random);
        this.hub = new StreamHub(
                id,
                peer -> message -> alive
                        ? network.send(id, peer, message)
                        : Promise.<Void>promise().future(),
                Runnable::run,
                counters,
                STREAMS,
                () -> Id128.random(world.random),
                world::nanos,
                this::tickLater);
        network.join(this);
    }

    /** Ends it without a word. */
    void kill() {
        alive = false;
        network.leave(this);
    }

    /** Something of this process, unless it is dead by then. */
    private Runnable later(long nanos, Runnable task) {
        return world.after(nanos, () -> {
            if (alive) {
                task.run();
            }
        });
    }

    private void tickLater() {
        Runnable unused = later(STREAMS.heartbeatIntervalMs() * 1_000_000, () -> {
            hub.tick();
            if (hub.isBusy()) {
                tickLater();
            }
        });
    }

    // what arrives

    void received(Message message) {
        if (message instanceof Message.OfStream ofStream) {
            hub.received(ofStream);
        } else if (message instanceof Message.Heartbeat heartbeat) {
            hub.received(heartbeat);
        } else if (message instanceof Message.Request request) {
            answer(request);
        } else if (message instanceof Message.Reply reply) {
            awaited(reply.from(), reply.id()).ifPresent(promise -> promise.complete(reply.payload()));
        } else if (message instanceof Message.Failure failure) {
            awaited(failure.from(), failure.id())
                    .ifPresent(promise -> promise.fail(new MeshException(failure.code(), "refused by the peer")));
        }
    }

    private void answer(Message.Request request) {
        RequestHandler handler = handlers.get(request.subject());
        if (handler == null) {
            say(request.from(), new Message.Failure(id, request.id(), ErrorCode.UNAVAILABLE));
            return;
        }
        handler.handle(new PeerAddress(PeerAddress.PREFIX + request.from()), request.payload())
                .onComplete((reply, failure) -> {
                    ErrorCode code = failure instanceof MeshException known ? known.code() : ErrorCode.INTERNAL;
                    say(
                            request.from(),
                            reply != null
                                    ? new Message.Reply(id, request.id(), reply)
                                    : new Message.Failure(id, request.id(), code));
                });
    }

    private void say(Id128 to, Message message) {
        if (alive) {
            var unused = network.send(id, to, message);
        }
    }

    private Optional<Promise<Buffer>> awaited(Id128 from, Id128 request) {
        Waiting asked = waiting.get(request);
        if (asked == null || !asked.from.equals(from)) {
            return Optional.empty();
        }
        waiting.remove(request);
        return Optional.of(asked.reply);
    }

    // the mesh

    @Override
    public Vertx vertx() {
        throw new AssertionError("the engine is to wait and work through its runtime");
    }

    @Override
    public PeerAddress address() {
        return new PeerAddress(PeerAddress.PREFIX + id);
    }

    @Override
    public Peer peer(PeerAddress address) {
        Id128 to = Id128.parse(address.value().substring(PeerAddress.PREFIX.length()));
        return new Peer() {
            @Override
            public PeerAddress address() {
                return address;
            }

            @Override
            public Future<Buffer> request(Topic topic, Buffer payload) {
                return ask(to, topic, payload);
            }

            @Override
            public Future<OutboundStream> open(Topic topic, Buffer hello) {
                return hub.open(to, topic, hello);
            }
        };
    }

    private Future<Buffer> ask(Id128 to, Topic topic, Buffer payload) {
        Promise<Buffer> reply = Promise.promise();
        Id128 request = Id128.random(world.random);
        waiting.put(request, new Waiting(to, reply));
        Runnable unused = later(REQUEST_TIMEOUT_NANOS, () -> awaited(to, request)
                .ifPresent(late -> late.fail(new MeshException(ErrorCode.UNAVAILABLE, "no reply in time"))));
        network.send(id, to, new Message.Request(id, request, topic.name(), payload))
                .onFailure(cause -> awaited(to, request).ifPresent(nobody -> nobody.fail(cause)));
        return reply.future();
    }

    @Override
    public void onRequest(Topic topic, RequestHandler handler) {
        handlers.put(topic.name(), handler);
    }

    @Override
    public void onStream(Topic topic, StreamHandler handler) {
        hub.onStream(topic, handler, new Owner() {
            @Override
            public void run(Runnable task) {
                task.run();
            }

            @Override
            public <T> Promise<T> promise() {
                return Promise.promise();
            }
        });
    }

    @Override
    public Future<Void> serve(ServiceName service, RequestHandler handler) {
        throw new AssertionError("the engine serves nothing");
    }

    @Override
    public Future<Buffer> call(ServiceName service, Buffer payload) {
        throw new AssertionError("the engine calls nobody");
    }

    @Override
    public void publish(Channel channel, Buffer payload) {
        throw new AssertionError("the engine publishes nothing");
    }

    @Override
    public Future<Void> subscribe(Channel channel, Handler<Buffer> handler) {
        throw new AssertionError("the engine subscribes to nothing");
    }

    /** How far its clock is ahead of the others'. */
    long aheadNanos;

    @Override
    public RendezvousDirectory rendezvous() {
        return this;
    }

    @Override
    public Future<Void> enter(RendezvousKey key, PeerAddress here, Duration timeToLive) {
        network.rendezvous.put(key, here);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> enterIfLost(RendezvousKey key, PeerAddress here, Duration timeToLive) {
        if (network.slowDirectory) { // it answers no more, and does it later
            var unused = later(10_000_000_000L, () -> network.rendezvous.putIfAbsent(key, here));
            return Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "no answer in time"));
        }
        network.rendezvous.putIfAbsent(key, here);
        return Future.succeededFuture();
    }

    @Override
    public void onLoss(Runnable task) {
        onLoss = task;
    }

    /** The directory has lost entries, and tells. */
    void lost() {
        if (alive) {
            onLoss.run();
        }
    }

    @Override
    public Future<PeerAddress> resolve(RendezvousKey key) {
        PeerAddress there = network.rendezvous.get(key);
        return there != null
                ? Future.succeededFuture(there)
                : Future.failedFuture(new MeshException(ErrorCode.GRANT_UNKNOWN, "nobody waits"));
    }

    @Override
    public Future<Void> leave(RendezvousKey key, PeerAddress waited) {
        network.rendezvous.remove(key, waited);
        return Future.succeededFuture();
    }

    @Override
    public MeshCounters counters() {
        return counters;
    }

    // what the engine waits and works with

    @Override
    public Timer after(long delayMs, Runnable task) {
        Runnable cancel = later(delayMs * 1_000_000, task);
        return cancel::run;
    }

    @Override
    public <T> Future<T> aside(Callable<T> step) {
        Promise<T> done = Promise.promise();
        Runnable unused = later(world.upTo(STEP), () -> {
            try {
                done.complete(step.call());
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return done.future();
    }

    @Override
    public long nanoTime() {
        return world.nanos() + aheadNanos;
    }

    /** Its workers: of the tasks that are ready, any may be next. */
    Pool pool() {
        return new Pool() {
            @Override
            public Share share(String owner) {
                return new Share() {
                    @Override
                    public void execute(Runnable task) {
                        Runnable unused = later(world.upTo(TURN), task);
                    }

                    @Override
                    public void close() {}
                };
            }

            @Override
            public int waiting() {
                return 0; // what is ready is the world's
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Future<Void> close() {
        kill();
        return Future.succeededFuture();
    }
}
