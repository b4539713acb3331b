package io.ferrymesh.migration;

import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.StreamHandler;
import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Optional;

/**
 * The migration engine of one process, both ends. Deploy one; it answers handshakes and admits lanes from then on. The other
 * methods may be called from any thread once it is deployed.
 */
public final class MigrationVerticle extends VerticleBase {

    /** How late it may be noticed that a key was retired, or that a peer has been unknown for too long. */
    private static final long MAINTAIN_EVERY_MS = 5_000;

    private final EngineContext engine;
    private final Workers workers;
    private final Refusals refusals = new Refusals();
    private final SourceEnd source;
    private final DestinationEnd destination;

    public MigrationVerticle(EngineContext engine) {
        this.engine = engine;
        this.workers = new Workers(engine.options().workers());
        this.source = new SourceEnd(engine, workers, refusals);
        this.destination = new DestinationEnd(engine, workers);
    }

    @Override
    public Future<?> start() {
        engine.mesh().onRequest(Wire.HELLO, source::hello);
        engine.mesh().onRequest(Wire.CONFIRM, source::confirm);
        engine.mesh().onStream(Lanes.TO_SOURCE, refusing(source::opened));
        engine.mesh().onStream(Lanes.TO_DESTINATION, refusing(destination::opened));
        engine.trust().onRevoked(() -> {
            source.recheck();
            destination.recheck();
        });
        vertx.setPeriodic(MAINTAIN_EVERY_MS, timer -> maintain());
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        source.close();
        destination.close();
        workers.close();
        return Future.succeededFuture();
    }

    /** What time alone brings about. */
    void maintain() {
        source.recheck();
        destination.recheck();
        source.dropRetired();
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

    /** The source's end of a migration, if this process has it. */
    public Optional<MigrationStatus> source(MigrationId id) {
        return source.status(id.toString());
    }

    /** The destination's end of a migration, if this process has it. */
    public Optional<MigrationStatus> destination(MigrationId id) {
        return destination.status(id.toString());
    }

    /** Handshakes refused here, by reason. */
    public Refusals refusals() {
        return refusals;
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
