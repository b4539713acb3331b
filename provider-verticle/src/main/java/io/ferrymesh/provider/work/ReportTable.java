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

    private ReportTable() {}

    /** Enters some, as far as there is room; false when the lease is lost and nothing is entered. */
    static boolean add(Handle handle, Lease lease, List<ObjectOutcome> outcomes, long mostObjects) {
        Optional<Long> count = handle.createQuery("UPDATE migration SET objects = objects + :count"
                        + " WHERE id = :id AND fence = :fence RETURNING objects")
                .bind("count", (long) outcomes.size())
                .bind("id", lease.id().bytes())
                .bind("fence", lease.fence())
                .mapTo(Long.class)
                .findOne();
        count.filter(total -> total <= mostObjects)
                .ifPresent(total -> insert(handle, lease.id(), outcomes, total - outcomes.size()));
        return count.isPresent();
    }

    private static void insert(Handle handle, MigrationId id, List<ObjectOutcome> outcomes, long before) {
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
                // PostgreSQL holds no NUL in a text; no object has one in its name, but what is skipped may.
                String path = outcome.path().replace('\0', '\uFFFD');
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

    private static byte[] key(String path) {
        return Arrays.copyOf(
                Digest.sha256(path.getBytes(StandardCharsets.UTF_8)).bytes(), KEY_BYTES);
    }
}
