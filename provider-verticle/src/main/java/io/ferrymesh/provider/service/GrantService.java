package io.ferrymesh.provider.service;

import io.ferrymesh.scheme.MigrationId;
import java.util.Optional;

/** Grants at the source. Every process of the provider answers alike. Failures are {@link ServiceException}s. */
public interface GrantService {

    /** Whether it was new: the same again is no error. CONFLICT with other content, OVERLOADED past the account's limits. */
    record Created(boolean fresh, GrantView grant) {}

    /** Durable when it returns; found by destinations within a second. */
    Created create(Account account, NewGrant grant);

    /** Newest first; at most {@code limit}, 1 to 1,000. */
    Page<GrantView> list(Account account, Optional<String> cursor, int limit);

    /** NOT_FOUND. */
    GrantView show(Account account, MigrationId id);

    /** Ends it, whether it waits or runs; nothing more leaves. Done again it does nothing. CONFLICT when completed. */
    void withdraw(Account account, MigrationId id);

    /**
     * The bytes of a countersigned receipt: of a number from 1, or with 0 of the one that covers most. NOT_FOUND if there is none.
     */
    byte[] receipt(Account account, MigrationId id, long number);
}
