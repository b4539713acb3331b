package io.ferrymesh.migration;

import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.StreamHandler;
import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The migration engine of one process, both ends. Deploy one; it answers handshakes and admits lanes from then on. The other
 * methods may be called from any thread once it is deployed.
 */
public final class MigrationVerticle extends VerticleBase {

    /** How late it may be noticed that a key was retired, or that a peer has been unknown for too long. */
    private static final long MAINTAIN_EVERY_MS = 5_000;

    private final EngineContext engine;
    private final Pool pool;
    private final Capacity capacity;
    private final Refusals refusals = new Refusals();
    private final SourceEnd source;
    private final DestinationEnd destination;
    private volatile EngineRuntime.Timer maintenance = () -> {};

    public MigrationVerticle(EngineContext engine) {
        this(engine, new Workers(engine.options().workers()));
    }

    /** One whose lanes work there; closed with it. */
    MigrationVerticle(EngineContext engine, Pool pool) {
        this.engine = engine;
        this.pool = pool;
        this.capacity = new Capacity(engine.options());
        this.source = new SourceEnd(engine, pool, capacity, refusals);
        this.destination = new DestinationEnd(engine, pool, capacity);
    }

    @Override
    public Future<?> start() {
        engine.mesh().onRequest(Wire.HELLO, source::hello);
        engine.mesh().onRequest(Wire.CONFIRM, source::confirm);
        source.start();
        engine.mesh().onStream(Lanes.TO_SOURCE, refusing(source::opened));
        engine.mesh().onStream(Lanes.TO_DESTINATION, refusing(destination::opened));
        engine.trust().onRevoked(() -> {
            source.recheck();
            destination.recheck();
        });
        maintainLater();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        source.close();
        destination.close();
        maintenance.cancel();
        pool.close();
        return Future.succeededFuture();
    }

    private void maintainLater() {
        maintenance = engine.runtime().after(MAINTAIN_EVERY_MS, () -> {
            maintainLater();
            maintain();
        });
    }

    /** What time alone brings about. */
    void maintain() {
        source.recheck();
        destination.recheck();
        source.dropRetired();
        destination.dropRetired();
    }

    /** Waits for the destination until the grant ends. Fails with CONFLICT when the id is in use. */
    public Future<Void> offer(SourceOffer offer) {
        return source.offer(offer);
    }

    /** Takes a grant back; what runs under it ends. Nothing happens to an unknown or completed one. */
    public Future<Void> withdraw(MigrationId id) {
        return source.withdraw(id.toString());
    }

    /**
     * Lets go of a grant, which can then be offered elsewhere or again; the destination of what runs under it learns
     * UNAVAILABLE. Nothing happens to an unknown one.
     */
    public Future<Void> release(MigrationId id) {
        return source.release(id.toString());
    }

    /** Starts fetching; {@link #destination} says how it goes. Fails with CONFLICT when the id is in use. */
    public Future<Void> begin(DestinationOrder order) {
        return destination.begin(order);
    }

    /**
     * Changes how fast the objects of a migration that runs may come to this destination, in bytes a second; empty for as fast as
     * it goes. Nothing happens to one that does not run here.
     */
    public void limit(MigrationId id, OptionalLong bytesPerSecond) {
        destination.limit(id.toString(), bytesPerSecond);
    }

    /** Ends a migration at the destination. Nothing happens to an unknown or completed one. */
    public void cancel(MigrationId id) {
        destination.cancel(id.toString());
    }

    /**
     * Ends what runs of a migration so that it can be begun again, here or elsewhere; nothing happens to one that has ended.
     * Completes when nothing of it touches the store any more.
     */
    public Future<Void> stop(MigrationId id) {
        return destination.stop(id.toString());
    }

    /** How often somebody who knows where a grant waits tried to use it here and was refused; 0 when it is unknown. */
    public long refused(MigrationId id) {
        return source.refused(id.toString());
    }

    /** The source's end of a migration, if this process has it. */
    public Optional<MigrationStatus> source(MigrationId id) {
        return source.status(id.toString());
    }

    /** The destination's end of a migration, if this process has it. */
    public Optional<MigrationStatus> destination(MigrationId id) {
        return destination.status(id.toString());
    }

    /** Whether this process can fetch one migration more. */
    public boolean hasRoom() {
        return destination.hasRoom();
    }

    /** How fast one migration to this process has been of late; empty while that is not known. */
    public Optional<Throughput> recentThroughput() {
        return destination.recent();
    }

    /** How many sessions run under grants that are offered here. */
    public int sourceSessions() {
        return capacity.sourceSessions();
    }

    /** How many data lanes bring objects to this process. */
    public int lanesInUse() {
        return capacity.windows().lanes();
    }

    /** Credit that sources have been given, besides a frame for each lane in use. */
    public long windowBytes() {
        return capacity.windows().taken();
    }

    /** Tasks of the lanes of all migrations, at either end, that no thread has taken yet. */
    public int waitingTasks() {
        return destination.waitingTasks();
    }

    /**
     * How much a migration has done so far, here or as seen from here, by no measure: as long as this is the same, nothing was done, not
     * even read to be compared. Of a grant it is what the destination has taken or said. 0 for an unknown one.
     */
    public long steps(MigrationId id) {
        return destination.steps(id.toString()) + source.steps(id.toString());
    }

    /** Handshakes refused here, by reason. */
    public Refusals refusals() {
        return refusals;
    }

    /**
     * Tells the listener, and nobody else, how long each handshake took that succeeds from now on with this process as the
     * destination: from its first message until the source has taken its last. Any thread; it must not block or fail.
     */
    public void onHandshake(Consumer<Duration> listener) {
        destination.onHandshake(listener);
    }

    private static StreamHandler refusing(StreamHandler handler) {
        return stream -> {
            try {
                return handler.opened(stream);
            } catch (MeshException e) {
                return Future.failedFuture(e);
            }
        };
    }
}
