package io.ferrymesh.mesh.bus;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.RendezvousDirectory;
import io.ferrymesh.mesh.RendezvousKey;
import io.vertx.core.Future;
import io.vertx.core.shareddata.AsyncMap;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One entry a waiting source in a cluster-wide map with one backup. What is found there was written by others. */
final class BusRendezvous implements RendezvousDirectory {

    static final String MAP = "ferrymesh.rendezvous";

    private final AsyncMap<String, String> map;
    private final MeshCounters counters;
    private final long timeoutMs;
    private final List<Runnable> onLoss = new CopyOnWriteArrayList<>();

    BusRendezvous(AsyncMap<String, String> map, MeshCounters counters, long timeoutMs) {
        this.map = map;
        this.counters = counters;
        this.timeoutMs = timeoutMs;
    }

    @Override
    public Future<Void> enter(RendezvousKey key, PeerAddress waiting, Duration timeToLive) {
        requireTime(timeToLive);
        return inTime(map.put(key.hex(), waiting.value(), timeToLive.toMillis()));
    }

    @Override
    public Future<Void> enterIfLost(RendezvousKey key, PeerAddress waiting, Duration timeToLive) {
        requireTime(timeToLive);
        return inTime(map.putIfAbsent(key.hex(), waiting.value(), timeToLive.toMillis()))
                .mapEmpty();
    }

    @Override
    public void onLoss(Runnable task) {
        onLoss.add(task);
    }

    /** The members are others now. */
    void lost() {
        onLoss.forEach(Runnable::run);
    }

    /** Hazelcast counts in whole seconds and takes 0 for "for ever". */
    private static void requireTime(Duration timeToLive) {
        if (timeToLive.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("timeToLive must be >= 1 s: " + timeToLive);
        }
    }

    @Override
    public Future<PeerAddress> resolve(RendezvousKey key) {
        return inTime(map.get(key.hex())).compose(this::read);
    }

    private Future<PeerAddress> read(@Nullable String value) {
        if (value == null) {
            return Future.failedFuture(new MeshException(ErrorCode.GRANT_UNKNOWN, "nobody waits there"));
        }
        try {
            return Future.succeededFuture(new PeerAddress(value));
        } catch (IllegalArgumentException e) {
            counters.count(Event.MALFORMED_MESSAGE);
            return Future.failedFuture(new MeshException(ErrorCode.GRANT_UNKNOWN, "no address is entered there", e));
        }
    }

    @Override
    public Future<Void> leave(RendezvousKey key, PeerAddress waited) {
        return inTime(map.removeIfPresent(key.hex(), waited.value())).mapEmpty();
    }

    private <T extends @Nullable Object> Future<T> inTime(Future<T> operation) {
        return operation
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(
                        new MeshException(ErrorCode.UNAVAILABLE, "the directory did not answer", cause)));
    }
}
