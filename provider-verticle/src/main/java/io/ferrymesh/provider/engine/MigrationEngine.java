package io.ferrymesh.provider.engine;

import io.ferrymesh.provider.options.RecentRate;
import io.ferrymesh.provider.options.Selection;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectInfo;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

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
     * Starts a migration, or one that failed, was stopped or has completed again; it goes on after this completes. The psk is closed as soon
     * as this returns: copy it before.
     */
    Future<Void> begin(MigrationOrder order);

    /**
     * Ends what runs of a migration, which then has FAILED with CANCELLED and may be begun again, here or by another process;
     * its grant stays. Does nothing when there is none or it has ended. Completes when nothing of it touches the store any
     * more, also of one that has failed by itself.
     */
    Future<Void> stop(MigrationId id);

    /**
     * Lets a migration that runs be so fast from now on, or as fast as can be when nothing is said. Does nothing when there is none
     * or it has ended.
     */
    Future<Void> limit(MigrationId id, OptionalLong bytesPerSecond);

    /** Which objects a migration with this selection takes. Fails with IllegalArgumentException on what makes no sense. */
    Predicate<ObjectInfo> selects(Selection selection);

    /** How a grant stands; empty when it is unknown or forgotten. */
    Optional<SourceStatus> source(MigrationId id);

    /** How a migration stands; empty when it is unknown or forgotten. */
    Optional<DestinationStatus> destination(MigrationId id);

    /** Whether it can begin one migration more, with the memory and the sessions it may have; what cannot begin stays in the queue. */
    default boolean hasRoom() {
        return true;
    }

    /** How fast one migration to this process has been of late, without a limit; empty while that is not known. */
    default Optional<RecentRate> recentRate() {
        return Optional.empty();
    }

    /** Tasks of what runs here that no thread has taken yet. */
    int waitingTasks();

    /**
     * How much a migration, or the destination of a grant, has done so far, by no measure: as long as this and its progress are the same,
     * nothing was done, not even read to be compared.
     */
    long steps(MigrationId id);

    /** Ends a migration. Completes, and does nothing, when there is none or it has ended. */
    Future<Void> cancel(MigrationId id);
}
