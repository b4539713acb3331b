package io.ferrymesh.provider.work;

import io.ferrymesh.provider.engine.ObjectOutcome;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** What became of each object of a migration, over all its runs: what one run brought is not merely there in the next. */
final class ReportTable {

    private static final int KEY_BYTES = 16;

    private static final String ROWS = "SELECT COUNT(*) FROM migration JOIN migration_object"
            + " ON migration_object.migration = migration.id WHERE migration.account = :account";

    private ReportTable() {}

    /**
     * Enters some, as far as there is room in the account's reports, of which those of the migrations that ended first make
     * room; false when the lease is lost and nothing is entered.
     */
    static boolean add(Handle handle, Lease lease, List<ObjectOutcome> outcomes, long mostOfAccount) {
        Optional<Counted> counted = handle.createQuery("UPDATE migration SET objects = objects + :count"
                        + " WHERE id = :id AND fence = :fence RETURNING account, objects")
                .bind("count", (long) outcomes.size())
                .bind("id", lease.id().bytes())
                .bind("fence", lease.fence())
                .map((row, context) -> new Counted(row.getLong("account"), row.getLong("objects")))
                .findOne();
        counted.ifPresent(now -> {
            long before = now.objects - outcomes.size();
            if (hasRoom(handle, now.account, outcomes.size(), mostOfAccount)) {
                insert(handle, lease.id(), outcomes, before);
            } else {
                insert(handle, lease.id(), known(handle, lease.id(), outcomes), before);
            }
        });
        return counted.isPresent();
    }

    /** What a migration's row says. */
    private record Counted(long account, long objects) {}

    /** Whether so many more rows fit, once what ended first has made room for them. */
    private static boolean hasRoom(Handle handle, long account, int more, long most) {
        // Never less than there are rows, and quicker to know.
        if (one(handle, "SELECT COALESCE(SUM(objects), 0) FROM migration WHERE account = :account", account) <= most) {
            return true;
        }
        long left = most - more - one(handle, ROWS, account);
        while (left < 0) {
            long freed = deleteOldest(handle, account);
            if (freed == 0) {
                return false;
            }
            left += freed;
        }
        return true;
    }

    /** Removes the report of the migration that ended first and has one; how many rows that were. */
    private static long deleteOldest(Handle handle, long account) {
        // The migration before its rows, so that nobody else who makes room has some of them.
        List<byte[]> oldest = handle.createQuery("UPDATE migration SET objects = 0"
                        + " WHERE holder IS NULL AND finished_at IS NOT NULL AND id = (SELECT id FROM migration AS ended"
                        + " WHERE account = :account AND finished_at IS NOT NULL AND holder IS NULL AND EXISTS"
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

    private static long one(Handle handle, String sql, long account) {
        return handle.createQuery(sql)
                .bind("account", account)
                .mapTo(Long.class)
                .one();
    }

    /** Those of which there is a row already. */
    private static List<ObjectOutcome> known(Handle handle, MigrationId id, List<ObjectOutcome> outcomes) {
        return outcomes.stream()
                .filter(outcome -> handle.createQuery("SELECT COUNT(*) FROM migration_object"
                                        + " WHERE migration = :id AND path_key = :key")
                                .bind("id", id.bytes())
                                .bind("key", key(name(outcome)))
                                .mapTo(Long.class)
                                .one()
                        == 1)
                .toList();
    }

    private static void insert(Handle handle, MigrationId id, List<ObjectOutcome> outcomes, long before) {
        if (outcomes.isEmpty()) {
            return;
        }
        try (PreparedBatch batch =
                handle.prepareBatch("INSERT INTO migration_object (migration, path_key, number, path,"
                        + " outcome, code, size, sha256) VALUES (:id, :key, :number, :path, :outcome, :code, :size, :sha256)"
                        + " ON CONFLICT (migration, path_key) DO UPDATE SET outcome = excluded.outcome, code = excluded.code,"
                        + " size = excluded.size, sha256 = COALESCE(excluded.sha256, migration_object.sha256)"
                        + " WHERE NOT (migration_object.outcome = 'ARRIVED' AND excluded.outcome = 'ALREADY_THERE')")) {
            long number = before;
            for (ObjectOutcome outcome : outcomes) {
                number++;
                @Nullable
                Long size = outcome.size().isPresent() ? outcome.size().getAsLong() : null;
                String path = name(outcome);
                PreparedBatch unused = batch.bind("id", id.bytes())
                        .bind("key", key(path))
                        .bind("number", number)
                        .bind("path", path)
                        .bind("outcome", outcome.kind().name())
                        .bind("code", outcome.code().orElse(null))
                        .bind("size", size)
                        .bind("sha256", outcome.sha256().map(Digest::bytes).orElse(null))
                        .add();
            }
            int[] entered = batch.execute();
            if (entered.length != outcomes.size()) {
                throw new IllegalStateException(entered.length + " of " + outcomes.size() + " rows were entered");
            }
        }
    }

    /** Removes some; returns how many. */
    static int delete(Handle handle, MigrationId id, int most) {
        return handle.createUpdate("DELETE FROM migration_object WHERE migration = :id AND path_key IN"
                        + " (SELECT path_key FROM migration_object WHERE migration = :id LIMIT :most)")
                .bind("id", id.bytes())
                .bind("most", most)
                .execute();
    }

    /** PostgreSQL holds no NUL in a text; no object has one in its name, but what is skipped may. */
    private static String name(ObjectOutcome outcome) {
        return outcome.path().replace('\0', '\uFFFD');
    }

    private static byte[] key(String path) {
        return Arrays.copyOf(
                Digest.sha256(path.getBytes(StandardCharsets.UTF_8)).bytes(), KEY_BYTES);
    }
}
