package io.ferrymesh.provider.engine;

import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * What moves data, in this process. Nothing here blocks, and any thread may call. Failures are
 * {@link io.ferrymesh.mesh.MeshException}s. An id may stand for one grant and one migration here, because a user may have
 * two accounts at the same provider.
 */
public interface MigrationEngine {

    /**
     * Waits for the destination until the grant expires. Completes when it can be found. The psk is closed as soon as this
     * returns: copy it before.
     */
    Future<Void> offer(GrantOffer offer);

    /** Ends a grant, whether it waits or runs. Completes, and does nothing, when there is none or it has ended. */
    Future<Void> withdraw(MigrationId id);

    /**
     * Lets go of a grant, which may then be offered again, here or by another process. What runs under it ends in a way that
     * lets its destination try again. Completes, and does nothing, when there is none.
     */
    Future<Void> release(MigrationId id);

    /**
     * Starts a migration, or one that failed or was stopped again; it goes on after this completes. The psk is closed as soon
     * as this returns: copy it before.
     */
    Future<Void> begin(MigrationOrder order);

    /**
     * Ends what runs of a migration, which then has FAILED with CANCELLED and may be begun again, here or by another process;
     * its grant stays. Does nothing when there is none or it has ended. Completes when nothing of it touches the store any
     * more, also of one that has failed by itself.
     */
    Future<Void> stop(MigrationId id);

    /** How a grant stands; empty when it is unknown or forgotten. */
    Optional<SourceStatus> source(MigrationId id);

    /** How a migration stands; empty when it is unknown or forgotten. */
    Optional<DestinationStatus> destination(MigrationId id);

    /** Ends a migration. Completes, and does nothing, when there is none or it has ended. */
    Future<Void> cancel(MigrationId id);
}
