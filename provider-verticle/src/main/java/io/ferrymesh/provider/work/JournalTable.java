package io.ferrymesh.provider.work;

import io.ferrymesh.provider.engine.Arrived;
import io.ferrymesh.provider.engine.JournalEntry;
import io.ferrymesh.provider.engine.SafeSegment;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.scheme.Voucher;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * What the next run of a migration need not do again, written. Everything counts only under its lease: false, or empty, when that
 * is lost, and nothing is written then.
 */
final class JournalTable {

    /** Every so many entries of a migration it is looked whether its account has too many. */
    private static final int LOOK_EVERY = 256;

    private static final List<String> TABLES = List.of("migration_segment", "migration_staged", "migration_arrived");

    /** Those whose rows count against the bound. */
    private static final List<String> COUNTED =
            List.of("migration_segment", "migration_staged", "migration_arrived", "migration_listed");

    private JournalTable() {}

    /** Enters objects that arrived. */
    static boolean add(Handle handle, Lease lease, List<JournalEntry> decided, long mostOfAccount) {
        List<JournalEntry> arrived =
                decided.stream().filter(entry -> entry.arrived().isPresent()).toList();
        if (arrived.isEmpty()) {
            return true;
        }
        long more =
                arrived.stream().mapToLong(entry -> 1 + entry.segments().size()).sum();
        if (!count(handle, lease, more, mostOfAccount)) {
            return false;
        }
        insert(handle, lease, arrived);
        for (JournalEntry entry : arrived) {
            Arrived object = entry.arrived().orElseThrow();
            if (object.voucher()
                    .isEmpty()) { // of several segments: the only ones that may have been staged for the next run
                PathKey key = PathKey.of(object.listed().path());
                delete(handle, lease, List.of("migration_staged"), List.of(key));
                segments(handle, lease, key, entry.segments());
            }
        }
        return true;
    }

    private static void insert(Handle handle, Lease lease, List<JournalEntry> arrived) {
        try (PreparedBatch batch = handle.prepareBatch("INSERT INTO migration_arrived (migration, path_key, size,"
                + " listed_seconds, listed_nanos, name, here_seconds, here_nanos, etag, stored, digest, voucher)"
                + " VALUES (:id, :key, :size, :seconds, :nanos, :name, :hereSeconds, :hereNanos, :etag, :stored, :digest,"
                + " :voucher) ON CONFLICT (migration, path_key) DO UPDATE SET size = excluded.size,"
                + " listed_seconds = excluded.listed_seconds, listed_nanos = excluded.listed_nanos,"
                + " name = excluded.name, here_seconds = excluded.here_seconds, here_nanos = excluded.here_nanos,"
                + " etag = excluded.etag, stored = excluded.stored, digest = excluded.digest,"
                + " voucher = excluded.voucher")) {
            for (JournalEntry entry : arrived) {
                PreparedBatch unused = bind(batch, entry.arrived().orElseThrow())
                        .bind("id", lease.id().bytes())
                        .add();
            }
            int[] unused = batch.execute();
        }
    }

    @SuppressWarnings("JavaInstantGetSecondsGetNano") // both are kept
    private static PreparedBatch bind(PreparedBatch batch, Arrived object) {
        ObjectPath path = object.listed().path();
        @Nullable String name = object.at().equals(path) ? null : object.at().toString();
        return batch.bind("key", PathKey.of(path).bytes())
                .bind("size", object.listed().size())
                .bind("seconds", object.listed().modified().getEpochSecond())
                .bind("nanos", object.listed().modified().getNano())
                .bind("name", name)
                .bind("hereSeconds", object.modifiedHere().getEpochSecond())
                .bind("hereNanos", object.modifiedHere().getNano())
                .bind("etag", object.etag().orElse(null))
                .bind("stored", object.stored() ? 1 : 0)
                .bind("digest", object.digest().bytes())
                .bind("voucher", object.voucher().map(Voucher::bytes).orElse(null));
    }

    /** Enters an object that is staged, in place of all that was known of it. */
    @SuppressWarnings("JavaInstantGetSecondsGetNano") // both are kept
    static boolean begun(
            Handle handle, Lease lease, ObjectInfo listed, ObjectMetadata metadata, String token, long mostOfAccount) {
        if (!count(handle, lease, 1, mostOfAccount)) {
            return false;
        }
        PathKey key = PathKey.of(listed.path());
        delete(handle, lease, TABLES, List.of(key));
        Statements.run(handle.createUpdate("INSERT INTO migration_staged (migration, path_key, path, size,"
                        + " listed_seconds, listed_nanos, metadata, token) VALUES (:id, :key, :path, :size, :seconds,"
                        + " :nanos, :metadata, :token)")
                .bind("id", lease.id().bytes())
                .bind("key", key.bytes())
                .bind("path", listed.path().toString())
                .bind("size", listed.size())
                .bind("seconds", listed.modified().getEpochSecond())
                .bind("nanos", listed.modified().getNano())
                .bind("metadata", MetadataText.of(metadata))
                .bind("token", token));
        return true;
    }

    /** Enters segments of an object that is staged. */
    static boolean safe(Handle handle, Lease lease, ObjectPath of, List<SafeSegment> segments, long mostOfAccount) {
        boolean held = count(handle, lease, segments.size(), mostOfAccount);
        if (held) {
            segments(handle, lease, PathKey.of(of), segments);
        }
        return held;
    }

    /** Removes all that is known of some objects. */
    static boolean drop(Handle handle, Lease lease, Collection<ObjectPath> paths) {
        boolean held = count(handle, lease, 0, Long.MAX_VALUE);
        if (held) {
            delete(handle, lease, TABLES, paths.stream().map(PathKey::of).toList());
        }
        return held;
    }

    /** Whether nobody has taken it over. */
    static boolean isCurrent(Handle handle, Lease lease) {
        return count(handle, lease, 0, Long.MAX_VALUE);
    }

    private static void segments(Handle handle, Lease lease, PathKey key, List<SafeSegment> segments) {
        if (segments.isEmpty()) {
            return;
        }
        try (PreparedBatch batch = handle.prepareBatch("INSERT INTO migration_segment (migration, path_key, segment,"
                + " digest, voucher) VALUES (:id, :key, :segment, :digest, :voucher)"
                + " ON CONFLICT (migration, path_key, segment) DO UPDATE SET digest = excluded.digest,"
                + " voucher = excluded.voucher")) {
            for (SafeSegment segment : segments) {
                PreparedBatch unused = batch.bind("id", lease.id().bytes())
                        .bind("key", key.bytes())
                        .bind("segment", segment.segment())
                        .bind("digest", segment.digest().bytes())
                        .bind("voucher", segment.voucher().bytes())
                        .add();
            }
            int[] unused = batch.execute();
        }
    }

    private static void delete(Handle handle, Lease lease, List<String> tables, List<PathKey> keys) {
        if (keys.isEmpty()) {
            return;
        }
        long deleted = 0;
        for (String table : tables) {
            deleted += handle.createUpdate("DELETE FROM " + table + " WHERE migration = :id AND path_key IN (<keys>)")
                    .bind("id", lease.id().bytes())
                    .bindList("keys", keys.stream().map(PathKey::bytes).toList())
                    .execute();
        }
        uncount(handle, lease, deleted);
    }

    /** Counts more entries, under the lease; whether that holds. {@link NoRoom} when the account has too many. */
    static boolean count(Handle handle, Lease lease, long more, long mostOfAccount) {
        Optional<Counted> counted = handle.createQuery("UPDATE migration SET journaled = 1,"
                        + " journal_entries = journal_entries + :more"
                        + " WHERE id = :id AND fence = :fence RETURNING account, journal_entries")
                .bind("more", more)
                .bind("id", lease.id().bytes())
                .bind("fence", lease.fence())
                .map((row, context) ->
                        new Counted(new AccountId(row.getLong("account")), row.getLong("journal_entries")))
                .findOne();
        counted.filter(now -> now.entries / LOOK_EVERY != (now.entries - more) / LOOK_EVERY)
                .ifPresent(now -> requireRoom(handle, lease, now, more, mostOfAccount));
        return counted.isPresent();
    }

    /** What a migration's row says. */
    private record Counted(AccountId account, long entries) {}

    /** The journals of an account have as many entries as they may. */
    static final class NoRoom extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final long entries;

        NoRoom(long entries) {
            super("no room in the journals", null, false, false);
            this.entries = entries;
        }

        String why() {
            return "those of its account have " + entries + " entries";
        }
    }

    /** What was entered again counts twice until it comes to that: then it is counted what is there. */
    private static void requireRoom(Handle handle, Lease lease, Counted counted, long more, long most) {
        long entries = handle.createQuery(
                        "SELECT SUM(journal_entries) FROM migration WHERE account = :account AND journaled = 1")
                .bind("account", counted.account.value())
                .mapTo(Long.class)
                .one();
        if (entries <= most) {
            return;
        }
        long there = more;
        for (String table : COUNTED) {
            there += handle.createQuery("SELECT COUNT(*) FROM " + table + " WHERE migration = :id")
                    .bind("id", lease.id().bytes())
                    .mapTo(Long.class)
                    .one();
        }
        if (entries - counted.entries + there > most) {
            throw new NoRoom(entries);
        }
        Statements.run(handle.createUpdate("UPDATE migration SET journal_entries = :there WHERE id = :id")
                .bind("there", there)
                .bind("id", lease.id().bytes()));
    }

    /** Some that were counted are gone. */
    private static void uncount(Handle handle, Lease lease, long fewer) {
        if (fewer > 0) {
            Statements.run(handle.createUpdate(
                            "UPDATE migration SET journal_entries ="
                                    + " CASE WHEN journal_entries > :fewer THEN journal_entries - :fewer ELSE 0 END WHERE id = :id")
                    .bind("fewer", fewer)
                    .bind("id", lease.id().bytes()));
        }
    }
}
