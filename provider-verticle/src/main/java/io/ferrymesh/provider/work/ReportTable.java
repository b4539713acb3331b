package io.ferrymesh.provider.work;

import io.ferrymesh.provider.engine.ObjectOutcome;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** What became of each object of a migration, over all its runs: what one run brought is not merely there in the next. */
final class ReportTable {

    private static final int KEY_BYTES = 16;

    /** Most that are looked up in one statement. */
    private static final int AT_ONCE = 500;

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
            Set<Key> there = there(handle, lease.id(), outcomes);
            long more = outcomes.stream()
                    .map(Key::of)
                    .filter(key -> !there.contains(key))
                    .distinct()
                    .count();
            boolean room = more == 0 || makeRoom(handle, now.account, more, mostOfAccount);
            List<ObjectOutcome> entered = room
                    ? outcomes
                    : outcomes.stream()
                            .filter(outcome -> there.contains(Key.of(outcome)))
                            .toList();
            insert(handle, lease.id(), entered, now.objects - outcomes.size());
        });
        return counted.isPresent();
    }

    /** What a migration's row says. */
    private record Counted(long account, long objects) {}

    /** What a row is found by. */
    private record Key(ByteBuffer hash) {

        static Key of(ObjectOutcome outcome) {
            return new Key(ByteBuffer.wrap(key(name(outcome))));
        }
    }

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

    /** Those of which there is a row already. */
    private static Set<Key> there(Handle handle, MigrationId id, List<ObjectOutcome> outcomes) {
        Set<Key> there = new HashSet<>();
        for (int i = 0; i < outcomes.size(); i += AT_ONCE) {
            List<byte[]> keys = outcomes.subList(i, Math.min(outcomes.size(), i + AT_ONCE)).stream()
                    .map(outcome -> key(name(outcome)))
                    .toList();
            handle.createQuery("SELECT path_key FROM migration_object WHERE migration = :id AND path_key IN (<keys>)")
                    .bind("id", id.bytes())
                    .bindList("keys", keys)
                    .mapTo(byte[].class)
                    .forEach(key -> there.add(new Key(ByteBuffer.wrap(key))));
        }
        return there;
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
    private static String name(ObjectOutcome outcome) {
        return outcome.path().replace('\0', '\uFFFD');
    }

    private static byte[] key(String path) {
        return Arrays.copyOf(
                Digest.sha256(path.getBytes(StandardCharsets.UTF_8)).bytes(), KEY_BYTES);
    }
}
