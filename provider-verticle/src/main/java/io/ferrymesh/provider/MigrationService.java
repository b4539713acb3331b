package io.ferrymesh.provider;

import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * What moves data, as the provider sees it. Called on the provider's event loop, so nothing here may block. Failures are
 * {@link io.ferrymesh.mesh.MeshException}s. An id may stand for one grant and one migration here, because a user may have
 * two accounts at the same provider.
 */
public interface MigrationService {

    /**
     * Waits for the destination until the grant expires. Completes when it can be found. The psk is closed as soon as this
     * returns: copy it before.
     */
    Future<Void> offer(GrantOffer offer);

    /** Ends a grant, whether it waits or runs. Completes, and does nothing, when there is none or it has ended. */
    Future<Void> withdraw(MigrationId id);

    /**
     * Starts a migration, or resumes one that failed; it goes on after this completes. The psk is closed as soon as this
     * returns: copy it before.
     */
    Future<Void> begin(MigrationOrder order);

    /** How a grant stands; empty when it is unknown or forgotten. */
    Optional<SourceStatus> source(MigrationId id);

    /** How a migration stands; empty when it is unknown or forgotten. */
    Optional<DestinationStatus> destination(MigrationId id);

    /** Ends a migration. Completes, and does nothing, when there is none or it has ended. */
    Future<Void> cancel(MigrationId id);
}
