package io.ferrymesh.provider.service;

import io.ferrymesh.scheme.MigrationId;
import java.util.List;
import java.util.Optional;

/** Migrations at the destination. Every process of the provider answers alike. Failures are {@link ServiceException}s. */
public interface MigrationService {

    /** Whether it was new: the same again is no error. */
    record Created(boolean fresh, MigrationView migration) {}

    /** Durable when it returns. CONFLICT with another psk, OVERLOADED past the account's limits. */
    Created create(Account account, NewMigration migration);

    /** Newest first; at most {@code limit}, 1 to 1,000. */
    Page<MigrationView> list(Account account, Optional<String> cursor, int limit);

    /** NOT_FOUND. */
    MigrationView show(Account account, MigrationId id);

    /** Stops it so that it can go on; what arrived stays. CONFLICT when it has ended. Done again it does nothing. */
    MigrationView pause(Account account, MigrationId id);

    /** Goes on with a paused or failed one. CONFLICT when it has completed or was cancelled. Done again it does nothing. */
    MigrationView resume(Account account, MigrationId id);

    /** Ends it for good; what arrived stays. CONFLICT when completed. Done again it does nothing. */
    void cancel(Account account, MigrationId id);

    /** What became of each object, in order; at most {@code limit} entries with a number over {@code after}; empty at the end. */
    List<ReportEntry> report(Account account, MigrationId id, long after, int limit);

    /** Changes of state with a number over {@code after}, in order. */
    List<MigrationEvent> events(Account account, MigrationId id, long after, int limit);

    /** The bytes of the countersigned receipt. NOT_FOUND before there is one. */
    byte[] receipt(Account account, MigrationId id);
}
