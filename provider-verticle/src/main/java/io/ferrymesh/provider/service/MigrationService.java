package io.ferrymesh.provider.service;

import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.scheme.MigrationId;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Migrations at the destination. Every process of the provider answers alike. Failures are {@link ServiceException}s. */
public interface MigrationService {

    /** Whether it was new: the same again is no error. */
    record Created(boolean fresh, MigrationView migration) {}

    /**
     * Durable when it returns. CONFLICT with another psk or other options, OVERLOADED past the account's limits. A dry run that has
     * completed begins again with options that are given and differ.
     */
    Created create(Account account, NewMigration migration);

    /** Newest first; at most {@code limit}, 1 to 1,000. */
    Page<MigrationView> list(Account account, Optional<String> cursor, int limit);

    /** NOT_FOUND. */
    MigrationView show(Account account, MigrationId id);

    /** Stops it so that it can go on; what arrived stays. CONFLICT when it has ended. Done again it does nothing. */
    MigrationView pause(Account account, MigrationId id);

    /** Goes on with a paused or failed one. CONFLICT when it has completed or was cancelled, or its deadline has passed. Done again it does nothing. */
    MigrationView resume(Account account, MigrationId id);

    /**
     * Begins again what has failed, under the same grant: what arrived is there already. CONFLICT while it goes on by itself, when
     * nothing has failed, and when the grant cannot be used any more.
     */
    MigrationView retry(Account account, MigrationId id);

    /** Changes when it goes and how fast, also while it runs. INVALID as the change says; CONFLICT when it has ended for good. */
    MigrationView change(Account account, MigrationId id, UnaryOperator<Schedule> change);

    /** Ends it for good; what arrived stays. CONFLICT when completed. Done again it does nothing. */
    void cancel(Account account, MigrationId id);

    /** What became of each object, in order; at most {@code limit} entries with a number over {@code after}; empty at the end. */
    List<ReportEntry> report(Account account, MigrationId id, long after, int limit);

    /** Changes of state with a number over {@code after}, in order. */
    List<MigrationEvent> events(Account account, MigrationId id, long after, int limit);

    /**
     * That the receipt covers the object of this path. NOT_FOUND before there is a receipt, and for an object that it does not cover;
     * CONFLICT when the report it is made from is not whole any more.
     */
    ProofView proof(Account account, MigrationId id, String path);

    /** The bytes of a countersigned receipt: of a number from 1, or with 0 of the newest. NOT_FOUND if there is none. */
    byte[] receipt(Account account, MigrationId id, long number);
}
