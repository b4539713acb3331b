package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.RendezvousKey;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.MalformedMessageException;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.WireFormat;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A network that loses, delays, repeats, reorders and spoils messages as the seed draws, until it is told to behave. */
final class SimNetwork {

    /**
     * How bad it is, each as the probability for one message.
     *
     * @param jitter the longest delay; messages overtake each other only with {@code reorder}
     */
    record Faults(double lost, double repeated, double spoilt, double reorder, Duration jitter) {
        static final Faults NONE = new Faults(0, 0, 0, 0, Duration.ofMillis(1));
    }

    final SimWorld world;
    final Map<RendezvousKey, PeerAddress> rendezvous = new HashMap<>();
    boolean slowDirectory;
    private final Map<Id128, SimNode> nodes = new HashMap<>();
    private final Map<String, Long> lastArrival = new HashMap<>();
    private final Map<String, Long> busyUntil = new HashMap<>();
    private Faults faults = Faults.NONE;
    private long latencyNanos;
    private double nanosAByte;
    private long sent;
    private long due = Long.MAX_VALUE;
    private Runnable event = () -> {};
    long lost;
    long repeated;
    long spoilt;

    SimNetwork(SimWorld world) {
        this.world = world;
    }

    void behave(Faults how) {
        faults = how;
    }

    /** How long each message takes to the other end, and how much can be sent each way in a second. */
    void link(Duration latency, double bytesPerSecond) {
        latencyNanos = latency.toNanos();
        nanosAByte = 1e9 / bytesPerSecond;
    }

    /** Has something happen once so many more messages were sent, in the middle of whatever is done then. */
    void after(int messages, Runnable task) {
        due = sent + messages;
        event = task;
    }

    void join(SimNode node) {
        nodes.put(node.id, node);
    }

    void leave(SimNode node) {
        nodes.remove(node.id);
    }

    /** Takes a message on its way. The sender learns at once when nobody is there, as on a bus with a closed connection. */
    Future<Void> send(Id128 from, Id128 to, Message message) {
        if (++sent == due) {
            var unused = world.after(0, event);
        }
        if (!nodes.containsKey(to)) {
            return Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "nobody there"));
        }
        Buffer bytes = Buffer.buffer();
        WireFormat.encode(message, bytes);
        if (world.chance(faults.lost)) {
            lost++;
            return Future.succeededFuture();
        }
        deliver(from, to, bytes);
        if (world.chance(faults.repeated)) {
            repeated++;
            deliver(from, to, bytes.copy());
        }
        return Future.succeededFuture();
    }

    private void deliver(Id128 from, Id128 to, Buffer bytes) {
        if (world.chance(faults.spoilt)) {
            spoilt++;
            int at = world.random.nextInt(bytes.length());
            bytes.setByte(at, (byte) (bytes.getByte(at) ^ (1 << world.random.nextInt(8))));
        }
        String way = from + ">" + to;
        long arrival = sentAt(way, bytes.length()) + latencyNanos + 50_000 + world.upTo(faults.jitter);
        if (!world.chance(faults.reorder)) {
            arrival = Math.max(arrival, lastArrival.getOrDefault(way, 0L) + 1);
            lastArrival.put(way, arrival);
        }
        var unused = world.after(arrival - world.nanos(), () -> arrive(to, bytes));
    }

    /** When the last of so many bytes has left, behind all that went this way before. */
    private long sentAt(String way, int bytes) {
        long sentAt = Math.max(world.nanos(), busyUntil.getOrDefault(way, 0L)) + (long) (bytes * nanosAByte);
        busyUntil.put(way, sentAt);
        return sentAt;
    }

    private void arrive(Id128 to, Buffer bytes) {
        SimNode node = nodes.get(to);
        if (node == null) {
            return;
        }
        try {
            node.received(WireFormat.decode(bytes, 0));
        } catch (MalformedMessageException e) {
            // as the bus does with what is no message
        }
    }
}
