package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.operator.AuditEntry;

/** A part of the registry that is compared with the log, entry by entry. */
interface RegistryPart extends AutoCloseable {

    /** The next entry; IllegalArgumentException if its details are not what such an entry has. */
    void entry(AuditEntry entry, EntryDetails details);

    /** There are no more. */
    void end();

    @Override
    default void close() {}
}
