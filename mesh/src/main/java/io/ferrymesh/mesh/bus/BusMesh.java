package io.ferrymesh.mesh.bus;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.core.HazelcastInstance;
import io.ferrymesh.mesh.Channel;
import io.ferrymesh.mesh.DirectLinks;
import io.ferrymesh.mesh.Limits;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.RendezvousDirectory;
import io.ferrymesh.mesh.RequestHandler;
import io.ferrymesh.mesh.ServiceName;
import io.ferrymesh.mesh.StreamHandler;
import io.ferrymesh.mesh.Topic;
import io.ferrymesh.mesh.direct.DirectContext;
import io.ferrymesh.mesh.direct.DirectMesh;
import io.ferrymesh.mesh.stream.StreamHub;
import io.ferrymesh.mesh.stream.StreamOptions;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.impl.MessageImpl;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** The mesh on a clustered Vert.x: one event loop takes everything that arrives and owns all state. */
public final class BusMesh implements Mesh {

    private static final long LAST_WORDS_MS = 1_000;

    private final VertxInternal vertx;
    private final ContextInternal loop;
    private final Id128 self;
    private final PeerAddress address;
    private final MeshOptions options;
    private final MeshCounters counters = new MeshCounters();
    private final MessageBusCodec codec;
    private final StreamHub streams;
    private final Requests requests;
    private final Channels channels;
    private final BusRendezvous rendezvous;
    private final DirectMesh direct;
    private final List<MessageConsumer<?>> consumers = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Promise<Void> closed = Promise.promise();
    private volatile IntSupplier members = () -> 1;
    private boolean ticking; // event loop only

    private BusMesh(
            VertxInternal vertx, MeshOptions options, MessageBusCodec codec, AsyncMap<String, String> directory) {
        SecureRandom random = new SecureRandom();
        Supplier<Id128> ids = () -> Id128.random(random);
        this.vertx = vertx;
        this.loop = vertx.createEventLoopContext();
        this.self = ids.get();
        this.address = new PeerAddress(PeerAddress.PREFIX + self);
        this.options = options;
        this.codec = codec;
        BusCarrier carrier = new BusCarrier(vertx);
        this.requests = new Requests(self, carrier, loop, this::onLoop, counters, options, ids);
        this.channels = new Channels(self, carrier, counters);
        this.streams = new StreamHub(
                self,
                carrier,
                this::onLoop,
                counters,
                streamOptions(options),
                ids,
                System::nanoTime,
                this::startTicking);
        this.rendezvous = new BusRendezvous(directory, counters, options.requestTimeoutMs());
        this.direct = new DirectMesh(
                new DirectContext(self, loop, this::onLoop, streams, this::peer, counters, random, options));
    }

    private static StreamOptions streamOptions(MeshOptions options) {
        return new StreamOptions(
                options.maxStreams(),
                options.requestTimeoutMs(),
                options.heartbeatIntervalMs(),
                options.peerTimeoutMs());
    }

    /** Starts Vert.x, joins the cluster and registers the private address. */
    public static Future<Mesh> start(MeshOptions options, Optional<VertxMetricsFactory> metrics) {
        HazelcastClusterManager manager;
        try {
            manager = new HazelcastClusterManager(HazelcastSettings.of(options));
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
        VertxOptions vertxOptions = new VertxOptions().setEventBusOptions(BusOptions.of(options));
        VertxBuilder builder = Vertx.builder().withClusterManager(manager);
        metrics.ifPresent(factory -> {
            vertxOptions.setMetricsOptions(factory.newOptions().setEnabled(true));
            builder.withMetrics(factory);
        });
        return builder.with(vertxOptions).buildClustered().compose(vertx -> enter(vertx, options)
                .map(mesh -> joined(mesh, manager.getHazelcastInstance(), options))
                .recover(cause -> vertx.close().transform(ignored -> Future.failedFuture(cause))));
    }

    private static Mesh joined(BusMesh mesh, HazelcastInstance hazelcast, MeshOptions options) {
        Hardening.refuseClients(hazelcast);
        Membership.follow(hazelcast, options, mesh.rendezvous);
        Cluster cluster = hazelcast.getCluster();
        mesh.members = () -> cluster.getMembers().size();
        return mesh;
    }

    private static Future<BusMesh> enter(Vertx vertx, MeshOptions options) {
        MessageBusCodec codec = new MessageBusCodec();
        vertx.eventBus()
                .registerCodec(codec)
                .serializableChecker(name -> false)
                .clusterSerializableChecker(name -> false);
        return vertx.sharedData()
                .<String, String>getClusterWideMap(BusRendezvous.MAP)
                .compose(directory -> {
                    BusMesh mesh = new BusMesh((VertxInternal) vertx, options, codec, directory);
                    return mesh.consume(mesh.address.value(), mesh::received)
                            .compose(registered -> mesh.direct.start())
                            .map(mesh);
                });
    }

    /** Runs on the event loop, at once when already there. Any thread. */
    private void onLoop(Runnable task) {
        if (loop.inThread()) {
            task.run();
            return;
        }
        try {
            loop.nettyEventLoop().execute(() -> loop.dispatch(task));
        } catch (RejectedExecutionException e) {
            afterTheEnd(task);
        }
    }

    /** The event loop is gone, everything is over, and what is asked for now only learns that. */
    private synchronized void afterTheEnd(Runnable task) {
        task.run();
    }

    private Future<Void> consume(String at, Consumer<Message> receiver) {
        Promise<Void> registered = vertx.promise();
        loop.runOnContext(v -> {
            MessageConsumer<Object> consumer = vertx.eventBus().consumer(at);
            consumers.add(consumer);
            consumer.handler(message -> take(message, receiver));
            consumer.completion().onComplete(registered);
        });
        return registered.future();
    }

    // event loop only

    private void take(io.vertx.core.eventbus.Message<Object> message, Consumer<Message> receiver) {
        // The codec is looked at first: another one's decoder must not even run on what a stranger sent.
        boolean ours = message instanceof MessageImpl<?, ?> impl && impl.codec() == codec;
        if (ours && message.body() instanceof Message received) {
            receiver.accept(received);
        } else {
            counters.count(Event.MALFORMED_MESSAGE);
        }
    }

    private void received(Message message) {
        if (message instanceof Message.OfStream ofStream) {
            streams.received(ofStream);
        } else if (message instanceof Message.Request request) {
            requests.received(request);
        } else if (message instanceof Message.Reply reply) {
            requests.received(reply);
        } else if (message instanceof Message.Failure failure) {
            requests.received(failure);
        } else if (message instanceof Message.Heartbeat heartbeat) {
            streams.received(heartbeat);
        } else {
            counters.count(Event.MALFORMED_MESSAGE);
        }
    }

    private void receivedForService(String service, Message message) {
        if (message instanceof Message.Request request) {
            requests.receivedForService(service, request);
        } else {
            counters.count(Event.MALFORMED_MESSAGE);
        }
    }

    private void startTicking() {
        if (!ticking) {
            ticking = true;
            loop.setTimer(options.heartbeatIntervalMs(), timer -> {
                ticking = false;
                streams.tick();
                if (streams.isBusy()) {
                    startTicking();
                }
            });
        }
    }

    // any thread

    @Override
    public Vertx vertx() {
        return vertx;
    }

    @Override
    public PeerAddress address() {
        return address;
    }

    @Override
    public Peer peer(PeerAddress peer) {
        return new BusPeer(peer, requests, streams);
    }

    @Override
    public void onRequest(Topic topic, RequestHandler handler) {
        requests.onRequest(topic.name(), handler, ContextOwner.current(loop));
    }

    @Override
    public void onStream(Topic topic, StreamHandler handler) {
        streams.onStream(topic, handler, ContextOwner.current(loop));
    }

    @Override
    public Future<Void> serve(ServiceName service, RequestHandler handler) {
        requests.onService(service.name(), handler, ContextOwner.current(loop));
        return consume(
                BusCarrier.serviceAddress(service.name()), message -> receivedForService(service.name(), message));
    }

    @Override
    public Future<Buffer> call(ServiceName service, Buffer payload) {
        return requests.askService(service.name(), payload);
    }

    @Override
    public void publish(Channel channel, Buffer payload) {
        if (payload.length() > Limits.MAX_REQUEST_BYTES) {
            throw new IllegalArgumentException(
                    "a publication has at most " + Limits.MAX_REQUEST_BYTES + " bytes: " + payload.length());
        }
        if (!closing.get()) {
            onLoop(() -> channels.publish(channel.name(), payload));
        }
    }

    @Override
    public Future<Void> subscribe(Channel channel, Handler<Buffer> handler) {
        return consume(
                BusCarrier.channelAddress(channel.name()),
                channels.subscriber(channel.name(), handler, ContextOwner.current(loop)));
    }

    @Override
    public RendezvousDirectory rendezvous() {
        return rendezvous;
    }

    @Override
    public DirectLinks direct() {
        return direct;
    }

    @Override
    public int members() {
        return members.getAsInt();
    }

    @Override
    public MeshCounters counters() {
        return counters;
    }

    @Override
    public Future<Void> close() {
        if (closing.compareAndSet(false, true)) {
            onLoop(() -> {
                requests.close();
                streams.close()
                        .timeout(LAST_WORDS_MS, TimeUnit.MILLISECONDS)
                        .transform(ignored -> direct.close())
                        .transform(ignored -> vertx.close())
                        .onComplete(closed);
            });
        }
        return closed.future();
    }
}
