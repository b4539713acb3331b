package io.ferrymesh.mesh.stream;

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
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Hubs, a network in memory that delivers when told to, and a clock that moves when told to. One thread. */
final class TestNetwork {

    private record Packet(Id128 to, Message message, Promise<Void> sent) {}

    /** A process. */
    final class Node {
        final Id128 id = Id128.random(random);
        final MeshCounters counters = new MeshCounters();
        final StreamHub hub;
        int wakeUps;

        Node(StreamOptions options) {
            Carrier carrier = peer -> message -> send(peer, message);
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

    private Future<Void> send(Id128 to, Message message) {
        Promise<Void> sent = Promise.promise();
        wire.add(new Packet(to, message, sent));
        if (!slow) {
            sent.complete();
        }
        return sent.future();
    }

    /** Delivers everything, and what that sends, until nothing is under way. */
    void settle() {
        for (Packet next = wire.poll(); next != null; next = wire.poll()) {
            Node node = nodes.get(next.to);
            if (node == null) {
                next.sent.tryFail("nobody there");
            } else {
                next.sent.tryComplete();
                if (!lost.test(next.message)) {
                    node.receive(next.message);
                }
            }
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
