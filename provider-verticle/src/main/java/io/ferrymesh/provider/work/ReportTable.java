package io.ferrymesh.provider.work;

import io.ferrymesh.provider.engine.JournalEntry;
import io.ferrymesh.provider.engine.ObjectOutcome;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectInfo;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** What became of each object of a migration, over all its runs: what one run brought is not merely there in the next. */
final class ReportTable {

    /** Most that are looked up in one statement. */
    private static final int AT_ONCE = 500;

    /** How many times as many rows as one migration an account may have, beside those of failures. */
    static final long OF_ACCOUNT = 10;

    /** Only what was announced has a size; a skipped name may be anything, also that of an object of the same run. */
    private static final String UNLESS_ANNOUNCED = " WHERE excluded.size IS NOT NULL OR migration_object.size IS NULL"
            + " OR migration_object.run IS NULL OR migration_object.run <> excluded.run";

    /** What the run has brought that the receipt is of stays as it was, for proofs. */
    private static final String KEEP_SIGNED = kept("proof_run", "run") + "," + kept("proof_leaf", "leaf") + ","
            + kept("proof_digest", "digest") + "," + kept("proof_size", "size");

    /** What a skipped row has as its code when the object was removed here: the outcomes of rows are a closed set. */
    static final String REMOVED = "REMOVED";

    private ReportTable() {}

    private static String kept(String column, String of) {
        return " " + column + " = CASE WHEN migration_object.run = CAST(:signed AS BIGINT)"
                + " AND migration_object.leaf IS NOT NULL AND excluded.run <> migration_object.run"
                + " THEN migration_object." + of + " ELSE migration_object." + column + " END";
    }

    /**
     * Enters some, as far as there is room: for so many of one migration and as many again that failed, and for {@link #OF_ACCOUNT}
     * times as many of all its account's, of which the reports of those that ended first and have no receipt make room. False when the
     * lease is lost and nothing is entered.
     */
    static boolean add(Handle handle, Lease lease, List<JournalEntry> decided, long most) {
        Optional<Counted> counted = handle.createQuery("UPDATE migration SET objects = objects + :count"
                        + " WHERE id = :id AND fence = :fence RETURNING account, objects, report_rows, receipt_run")
                .bind("count", (long) decided.size())
                .bind("id", lease.id().bytes())
                .bind("fence", lease.fence())
                .map((row, context) -> new Counted(
                        row.getLong("account"),
                        row.getLong("objects"),
                        row.getLong("report_rows"),
                        Columns.number(row, "receipt_run")))
                .findOne();
        counted.ifPresent(now -> {
            Set<PathKey> there = there(handle, lease.id(), decided);
            Set<PathKey> fresh = admitted(decided, there, now.rows, most);
            if (!fresh.isEmpty() && !makeRoom(handle, now.account, fresh.size(), OF_ACCOUNT * most)) {
                decided.stream()
                        .filter(entry -> !isFailed(entry))
                        .map(ReportTable::key)
                        .forEach(fresh::remove);
                long unused = count(handle, now.account, fresh.size());
            }
            List<JournalEntry> entered = decided.stream()
                    .filter(entry -> there.contains(key(entry)) || fresh.contains(key(entry)))
                    .toList();
            grow(handle, lease, fresh.size());
            insert(handle, lease, entered, now.objects - decided.size(), now.receiptRun);
        });
        return counted.isPresent();
    }

    /** Those that have no row yet and for which their migration has room. */
    private static Set<PathKey> admitted(List<JournalEntry> decided, Set<PathKey> there, long rows, long most) {
        Set<PathKey> fresh = new HashSet<>();
        for (JournalEntry entry : decided) {
            PathKey key = key(entry);
            long with = rows + fresh.size();
            if (!there.contains(key) && (with < most || (isFailed(entry) && with < 2 * most))) {
                boolean unused = fresh.add(key);
            }
        }
        return fresh;
    }

    private static boolean isFailed(JournalEntry entry) {
        return entry.outcome().kind() == ObjectOutcome.Kind.FAILED;
    }

    private static void grow(Handle handle, Lease lease, int more) {
        if (more > 0) {
            Statements.run(handle.createUpdate("UPDATE migration SET report_rows = report_rows + :more WHERE id = :id")
                    .bind("more", (long) more)
                    .bind("id", lease.id().bytes()));
        }
    }

    /** What a migration's row says. */
    private record Counted(long account, long objects, long rows, Optional<Long> receiptRun) {}

    /**
     * Counts so many more rows of an account and makes room for them; false, and nothing is counted, when there is none. Whoever
     * changes how many rows an account has holds the row that says so before any other but their own migration's.
     */
    private static boolean makeRoom(Handle handle, long account, long more, long most) {
        long rows = count(handle, account, more);
        long freed = rows > most ? deleteOldest(handle, account) : 0;
        long all = freed;
        while (freed > 0 && rows - all > most) {
            freed = deleteOldest(handle, account);
            all += freed;
        }
        boolean room = rows - all <= most;
        long back = room ? all : all + more;
        uncount(handle, account, back);
        return room;
    }

    /** Notes that an account has so many rows more; returns how many it has then. */
    private static long count(Handle handle, long account, long more) {
        return handle.createQuery("INSERT INTO report_size (account, objects) VALUES (:account, :more)"
                        + " ON CONFLICT (account) DO UPDATE SET objects = report_size.objects + excluded.objects"
                        + " RETURNING objects")
                .bind("account", account)
                .bind("more", more)
                .mapTo(Long.class)
                .one();
    }

    private static void uncount(Handle handle, long account, long fewer) {
        if (fewer != 0) {
            Statements.run(
                    handle.createUpdate("UPDATE report_size SET objects = objects - :fewer WHERE account = :account")
                            .bind("account", account)
                            .bind("fewer", fewer));
        }
    }

    /** Removes the report of the migration that ended first, has one and no receipt that it proves; how many rows that were. */
    private static long deleteOldest(Handle handle, long account) {
        // The migration before its rows, so that nobody else who makes room has some of them.
        List<byte[]> oldest = handle.createQuery("UPDATE migration SET objects = 0, report_rows = 0"
                        + " WHERE holder IS NULL AND finished_at IS NOT NULL AND receipt IS NULL AND id = (SELECT id FROM migration AS ended"
                        + " WHERE account = :account AND finished_at IS NOT NULL AND holder IS NULL AND receipt IS NULL AND EXISTS"
                        + " (SELECT 1 FROM migration_object WHERE migration = ended.id) ORDER BY finished_at LIMIT 1)"
                        + " RETURNING id")
                .bind("account", account)
                .mapTo(byte[].class)
                .list();
        return oldest.isEmpty()
                ? 0
                : handle.createUpdate("DELETE FROM migration_object WHERE migration = :id")
                        .bind("id", oldest.get(0))
                        .execute();
    }

    /** Those of which there is a row already. */
    private static Set<PathKey> there(Handle handle, MigrationId id, List<JournalEntry> decided) {
        Set<PathKey> there = new HashSet<>();
        for (int i = 0; i < decided.size(); i += AT_ONCE) {
            List<byte[]> keys = decided.subList(i, Math.min(decided.size(), i + AT_ONCE)).stream()
                    .map(entry -> key(entry).bytes())
                    .toList();
            handle.createQuery("SELECT path_key FROM migration_object WHERE migration = :id AND path_key IN (<keys>)")
                    .bind("id", id.bytes())
                    .bindList("keys", keys)
                    .mapTo(byte[].class)
                    .forEach(key -> there.add(PathKey.ofBytes(key)));
        }
        return there;
    }

    private static void insert(
            Handle handle, Lease lease, List<JournalEntry> decided, long before, Optional<Long> receiptRun) {
        if (decided.isEmpty()) {
            return;
        }
        @Nullable Long signed = receiptRun.orElse(null);
        try (PreparedBatch batch =
                handle.prepareBatch("INSERT INTO migration_object (migration, path_key, number, path,"
                        + " outcome, code, size, sha256, digest, leaf, run) VALUES (:id, :key, :number, :path, :outcome, :code,"
                        + " :size, :sha256, :digest, :leaf, :run) ON CONFLICT (migration, path_key) DO UPDATE SET"
                        + " outcome = CASE WHEN migration_object.outcome = 'ARRIVED' AND excluded.outcome = 'ALREADY_THERE'"
                        + " THEN 'ARRIVED' ELSE excluded.outcome END, code = excluded.code, size = excluded.size,"
                        + " sha256 = COALESCE(excluded.sha256, migration_object.sha256), digest = excluded.digest,"
                        + " leaf = excluded.leaf, run = excluded.run," + KEEP_SIGNED + UNLESS_ANNOUNCED)) {
            long number = before;
            for (JournalEntry entry : decided) {
                number++;
                bind(batch, entry)
                        .bind("id", lease.id().bytes())
                        .bind("number", number)
                        .bind("run", lease.fence())
                        .bind("signed", signed)
                        .add();
            }
            int[] entered = batch.execute();
            if (entered.length != decided.size()) {
                throw new IllegalStateException(entered.length + " of " + decided.size() + " rows were entered");
            }
        }
    }

    private static PreparedBatch bind(PreparedBatch batch, JournalEntry entry) {
        ObjectOutcome outcome = entry.outcome();
        @Nullable Long size = outcome.size().isPresent() ? outcome.size().getAsLong() : null;
        @Nullable Long leaf = entry.leaf().map(JournalEntry.Leaf::index).orElse(null);
        return batch.bind("key", key(entry).bytes())
                .bind("path", name(entry))
                .bind("outcome", outcome.kind().name())
                .bind("code", outcome.code().orElse(null))
                .bind("size", size)
                .bind("sha256", outcome.sha256().map(Digest::bytes).orElse(null))
                .bind("digest", entry.leaf().map(each -> each.digest().bytes()).orElse(null))
                .bind("leaf", leaf);
    }

    /**
     * Reports that an object was removed here, however many rows there are: nothing else says so. What is reported of it already is
     * replaced.
     */
    static void removed(Handle handle, MigrationId id, AccountId account, ObjectInfo object) {
        byte[] key = PathKey.of(object.path()).bytes();
        boolean there =
                handle.createQuery("SELECT COUNT(*) FROM migration_object WHERE migration = :id AND path_key = :key")
                                .bind("id", id.bytes())
                                .bind("key", key)
                                .mapTo(Long.class)
                                .one()
                        == 1;
        long number = handle.createQuery("UPDATE migration SET objects = objects + 1,"
                        + " report_rows = report_rows + :more WHERE id = :id RETURNING objects")
                .bind("more", there ? 0L : 1L)
                .bind("id", id.bytes())
                .mapTo(Long.class)
                .one();
        if (!there) {
            long unused = count(handle, account.value(), 1);
        }
        Statements.run(handle.createUpdate("INSERT INTO migration_object (migration, path_key, number, path, outcome,"
                        + " code, size) VALUES (:id, :key, :number, :path, 'SKIPPED', :code, :size)"
                        + " ON CONFLICT (migration, path_key) DO UPDATE SET outcome = excluded.outcome,"
                        + " code = excluded.code, size = excluded.size, sha256 = NULL, digest = NULL, leaf = NULL,"
                        + " run = NULL")
                .bind("id", id.bytes())
                .bind("key", key)
                .bind("number", number)
                .bind("path", object.path().toString())
                .bind("code", REMOVED)
                .bind("size", object.size()));
    }

    /** Removes some; returns how many. */
    static int delete(Handle handle, MigrationId id, int most) {
        Optional<Long> account = handle.createQuery("UPDATE report_size SET objects = objects"
                        + " WHERE account = (SELECT account FROM migration WHERE id = :id) RETURNING account")
                .bind("id", id.bytes())
                .mapTo(Long.class)
                .findOne();
        int deleted = handle.createUpdate("DELETE FROM migration_object WHERE migration = :id AND path_key IN"
                        + " (SELECT path_key FROM migration_object WHERE migration = :id LIMIT :most)")
                .bind("id", id.bytes())
                .bind("most", most)
                .execute();
        account.ifPresent(whose -> uncount(handle, whose, deleted));
        return deleted;
    }

    /** PostgreSQL holds no NUL in a text; no object has one in its name, but what is skipped may. */
    private static String name(JournalEntry entry) {
        return entry.outcome().path().replace('\0', '\uFFFD');
    }

    private static PathKey key(JournalEntry entry) {
        return PathKey.of(name(entry));
    }
}
