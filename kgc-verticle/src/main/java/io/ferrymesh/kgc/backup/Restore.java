package io.ferrymesh.kgc.backup;

import io.ferrymesh.database.Database;
import io.ferrymesh.kgc.audit.AuditReport;
import io.ferrymesh.kgc.audit.AuditVerifier;
import io.ferrymesh.kgc.backup.BackupException.Reason;
import io.ferrymesh.kgc.backup.BackupFormat.Header;
import io.ferrymesh.kgc.backup.BackupTables.Table;
import io.ferrymesh.kgc.registry.Heads;
import io.ferrymesh.kgc.registry.Heads.Head;
import io.ferrymesh.scheme.Digest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Puts a backup into an empty database, of either kind: all of it, verified, or nothing. Then it is as {@link Restored} says, and
 * the audit log tells.
 */
public final class Restore {

    private Restore() {}

    /** Reads a backup to its end without restoring it. Fails with {@link BackupException} if it is not as it was written. */
    public static void check(Path file) {
        Header unused = BackupReader.read(file, new BackupReader.Sink() {
            @Override
            public void row(Table table, List<@Nullable Object> values) {}

            @Override
            public void end(Table table) {}
        });
    }

    /**
     * Restores. Fails with {@link BackupException}, or with DatabaseException, and then has changed nothing.
     *
     * @param centre fingerprint of the first key epoch in the key file that belongs to it
     * @param more is done in the same transaction, after everything else
     */
    public static RestoreReport into(Database database, Path file, Digest centre, Instant now, Consumer<Handle> more) {
        check(file);
        return database.transaction(handle -> {
            RestoreReport report = restore(handle, file, centre, now);
            more.accept(handle);
            return report;
        });
    }

    private static RestoreReport restore(Handle handle, Path file, Digest centre, Instant now) {
        requireEmpty(handle);
        RowInserts inserts = new RowInserts(handle);
        Header header = BackupReader.read(file, inserts);
        if (!header.centre().equals(centre)) {
            throw new BackupException(
                    Reason.OTHER_CENTRE,
                    "it is the registry of key centre " + header.centre() + ", and the key file is of " + centre);
        }
        verify(handle, centre);
        Head audit = Heads.read(handle, Heads.Name.AUDIT);
        if (audit.number() != header.auditEntries()) {
            throw BackupFormat.altered("it promises " + header.auditEntries() + " audit entries");
        }
        return goOn(handle, header, audit, inserts.rows(), now);
    }

    private static void requireEmpty(Handle handle) {
        for (Table table : BackupTables.ALL) {
            long rows = handle.createQuery("SELECT COUNT(*) FROM " + table.name())
                    .mapTo(Long.class)
                    .one();
            if (rows > 0) {
                throw new BackupException(
                        Reason.NOT_EMPTY,
                        "the database has rows in table " + table.name() + ": restore into an empty one");
            }
        }
    }

    private static void verify(Handle handle, Digest centre) {
        AuditReport report = new AuditVerifier(centre, List.of(), Optional.empty()).registry(handle);
        if (report.found() > 0) {
            throw new BackupException(
                    Reason.INCONSISTENT,
                    "it holds a registry that does not fit its audit log, " + report.found() + " findings: "
                            + report.findings().get(0));
        }
    }

    private static RestoreReport goOn(Handle handle, Header header, Head audit, long rows, Instant now) {
        Restored restored = Restored.goOn(handle, now, Map.of("backedUpAt", header.createdAt()));
        return new RestoreReport(
                header.centre(),
                Instant.ofEpochSecond(header.createdAt()),
                audit.number(),
                audit.hash(),
                rows,
                restored.nextSerial(),
                restored.nextProvider(),
                restored.tokens(),
                restored.operators());
    }
}
