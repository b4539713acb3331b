package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.DirectSession;
import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Hubs, a network in memory that delivers when told to, and a clock that moves when told to. One thread. */
final class TestNetwork {

    private record Packet(Id128 to, Message message, Promise<Void> sent, Optional<Cable.Plug> plug) {}

    /** A direct connection between two nodes. */
    final class Cable {

        final Plug one;
        final Plug two;
        private boolean cut;

        Cable(Node one, Node two) {
            this.one = new Plug(this, one);
            this.two = new Plug(this, two);
            this.one.other = this.two;
            this.two.other = this.one;
            this.one.link = one.hub.connected(two.id, this.one);
            this.two.link = two.hub.connected(one.id, this.two);
        }

        /** Nothing arrives any more, and nobody has noticed. */
        void cut() {
            cut = true;
        }

        /** One end of it. */
        static final class Plug implements Carrier.Connection {

            private final Cable cable;
            private final Node node;
            private @Nullable Plug other;
            private @Nullable PeerLink link;
            private boolean open = true;

            Plug(Cable cable, Node node) {
                this.cable = cable;
                this.node = node;
            }

            PeerLink link() {
                return Objects.requireNonNull(link);
            }

            private Plug other() {
                return Objects.requireNonNull(other);
            }

            /** Its process learns that the connection is gone. */
            void notice() {
                open = false;
                node.hub.broken(link(), "noticed");
            }

            @Override
            public DirectSession session() {
                return new DirectSession("5".repeat(32));
            }

            @Override
            public Future<Void> send(Message message) {
                return open
                        ? cable.network().send(other().node.id, message, Optional.of(other()))
                        : Future.failedFuture("the connection is closed");
            }

            /** The other end notices, unless the cable is cut; what is under way to it comes first. */
            @Override
            public void close() {
                open = false;
                cable.network().wire.add(new Packet(other().node.id, CLOSED, Promise.promise(), Optional.of(other())));
            }

            private void deliver(Message message) {
                if (cable.cut || !open) {
                    return;
                }
                if (message == CLOSED) {
                    notice();
                } else {
                    cable.network().received.add(message);
                    node.hub.received(link(), message);
                }
            }
        }

        private TestNetwork network() {
            return TestNetwork.this;
        }
    }

    private static final Message CLOSED = new Message.Ended(new Id128(0, 0), new Id128(0, 0));

    /** A process. */
    final class Node {
        final Id128 id = Id128.random(random);
        final MeshCounters counters = new MeshCounters();
        final StreamHub hub;
        int wakeUps;

        Node(StreamOptions options) {
            Carrier carrier = peer -> message -> send(peer, message, Optional.empty());
            hub = new StreamHub(
                    id,
                    carrier,
                    Runnable::run,
                    counters,
                    options,
                    () -> Id128.random(random),
                    () -> nowNanos,
                    () -> wakeUps++);
        }

        void receive(Message message) {
            received.add(message);
            if (message instanceof Message.OfStream ofStream) {
                hub.received(ofStream);
            } else if (message instanceof Message.Heartbeat heartbeat) {
                hub.received(heartbeat);
            }
        }
    }

    /** Runs everything at once. */
    static final Owner OWNER = new Owner() {
        @Override
        public void run(Runnable task) {
            task.run();
        }

        @Override
        public <T> Promise<T> promise() {
            return Promise.promise();
        }
    };

    final StreamOptions options;
    final List<Message> received = new ArrayList<>();
    Predicate<Message> lost = message -> false;
    boolean slow;
    private final RandomGenerator random = new SplittableRandom(1);
    private final Map<Id128, Node> nodes = new HashMap<>();
    private final ArrayDeque<Packet> wire = new ArrayDeque<>();
    private long nowNanos = 1;

    TestNetwork(int maxStreams) {
        options = new StreamOptions(maxStreams, 10_000, 2_000, 10_000);
    }

    Node join() {
        Node node = new Node(options);
        nodes.put(node.id, node);
        return node;
    }

    void kill(Node node) {
        nodes.remove(node.id, node);
    }

    private Future<Void> send(Id128 to, Message message, Optional<Cable.Plug> plug) {
        Promise<Void> sent = Promise.promise();
        wire.add(new Packet(to, message, sent, plug));
        if (!slow) {
            sent.complete();
        }
        return sent.future();
    }

    /** Delivers everything, and what that sends, until nothing is under way. */
    void settle() {
        while (!wire.isEmpty()) {
            step();
        }
    }

    /** Delivers so much at most. */
    void steps(int most) {
        for (int i = 0; i < most && !wire.isEmpty(); i++) {
            step();
        }
    }

    private void step() {
        Packet next = wire.remove();
        Node node = nodes.get(next.to);
        if (node == null) {
            next.sent.tryFail("nobody there");
            return;
        }
        next.sent.tryComplete();
        if (!lost.test(next.message)) {
            next.plug.ifPresentOrElse(plug -> plug.deliver(next.message), () -> node.receive(next.message));
        }
    }

    /** Bytes handed to the network and not delivered. */
    long bytesUnderWay() {
        return wire.stream()
                .map(Packet::message)
                .filter(Message.Data.class::isInstance)
                .mapToLong(message -> ((Message.Data) message).payload().length())
                .sum();
    }

    /** Time passes; every hub that is busy ticks every two seconds. */
    void pass(long seconds) {
        for (long s = 0; s < seconds; s += 2) {
            nowNanos += TimeUnit.SECONDS.toNanos(2);
            List.copyOf(nodes.values()).stream()
                    .filter(node -> node.hub.isBusy())
                    .forEach(node -> node.hub.tick());
            settle();
        }
    }

    /** Time passes and nobody notices. */
    void sleep(long seconds) {
        nowNanos += TimeUnit.SECONDS.toNanos(seconds);
    }
}
