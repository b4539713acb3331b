package io.ferrymesh.provider.service;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that an account is told of its grants and migrations.
 *
 * @param number counts within the account from 1
 * @param migration which grant or migration
 * @param state of a migration, as it is now
 * @param peer the pseudonym that the other provider went by
 * @param failure what went wrong
 * @param count how many, of what is counted and not told one by one
 * @param removed what was erased or removed
 * @param webhook the name of the webhook that it is about
 */
public record AccountEvent(
        long number,
        Instant at,
        EventType type,
        Optional<MigrationId> migration,
        Optional<MigrationView.State> state,
        Optional<Pseudonym> peer,
        Optional<FailureView> failure,
        OptionalLong count,
        Optional<Removed> removed,
        Optional<String> webhook) {

    /**
     * Objects that were erased at the source or removed at the destination.
     *
     * @param kept that have changed meanwhile, or could not be removed at the destination
     * @param failed that could not be erased at the source
     * @param code why nothing more is removed
     */
    public record Removed(long objects, long bytes, long kept, long failed, Optional<String> code) {}
}
