package io.ferrymesh.provider.keys;

import io.ferrymesh.provider.keys.CredentialRow.Role;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The queries of the credential tables. */
final class CredentialTable {

    /** Not within the margin of its end, nor in the second half of its life where that is shorter. */
    private static final String USABLE = "not_after - CASE WHEN (not_after - not_before) / 2 < :margin"
            + " THEN (not_after - not_before) / 2 ELSE :margin END >= :now";

    private static final String COLUMNS = "number, kgc, usage, role, not_before, not_after, sealed";

    private CredentialTable() {}

    /** The first of so many numbers that nobody else gets; whoever else wants some, or {@link #lock}s, waits. */
    static long numbers(Handle handle, int count) {
        return handle.createQuery("UPDATE credential_head SET last_number = last_number + :count WHERE id = 1"
                                + " RETURNING last_number")
                        .bind("count", count)
                        .mapTo(Long.class)
                        .one()
                - count
                + 1;
    }

    /** Has everybody wait who does this too, until the transaction ends. */
    static void lock(Handle handle) {
        int unused = handle.execute("UPDATE credential_head SET last_number = last_number WHERE id = 1");
    }

    static boolean lease(Handle handle, String holder, long nowMs, long untilMs, long longestMs) {
        return handle.createUpdate("UPDATE credential_head SET holder = :holder, held_until_ms = :until WHERE id = 1"
                                + " AND (holder IS NULL OR holder = :holder OR held_until_ms < :now"
                                + " OR held_until_ms > :farthest)")
                        .bind("holder", holder)
                        .bind("until", untilMs)
                        .bind("now", nowMs)
                        .bind("farthest", nowMs + longestMs)
                        .execute()
                > 0;
    }

    static void release(Handle handle, String holder) {
        int unused = handle.execute("UPDATE credential_head SET holder = NULL WHERE id = 1 AND holder = ?", holder);
    }

    static void insert(Handle handle, List<CredentialRow> rows) {
        PreparedBatch batch = handle.prepareBatch("INSERT INTO credential (" + COLUMNS
                + ") VALUES (:number, :kgc, :usage, :role, :notBefore, :notAfter, :sealed)");
        for (CredentialRow row : rows) {
            batch = batch.bind("number", row.number)
                    .bind("kgc", row.kgc.bytes())
                    .bind("usage", row.usage.name())
                    .bind("role", row.role.name())
                    .bind("notBefore", row.notBefore)
                    .bind("notAfter", row.notAfter)
                    .bind("sealed", row.sealed)
                    .add();
        }
        int[] unused = batch.execute();
    }

    /** Removes the oldest that may be handed out; two who do it at once get different ones. */
    static List<CredentialRow> take(
            Handle handle, boolean sqlite, Digest kgc, Usage usage, int count, long marginSeconds, long now) {
        String others = sqlite ? "" : " FOR UPDATE SKIP LOCKED"; // SQLite has one writer at a time
        return handle
                .createQuery("DELETE FROM credential WHERE number IN (SELECT number FROM credential"
                        + " WHERE kgc = :kgc AND usage = :usage AND role = 'STOCK' AND " + USABLE
                        + " ORDER BY number LIMIT :count" + others + ") RETURNING " + COLUMNS)
                .bind("kgc", kgc.bytes())
                .bind("usage", usage.name())
                .bind("count", count)
                .bind("margin", marginSeconds)
                .bind("now", now)
                .map((row, context) -> CredentialRow.read(row))
                .stream()
                .sorted(Comparator.comparingLong((CredentialRow row) -> row.number))
                .toList();
    }

    static Optional<CredentialRow> signer(Handle handle, Digest kgc) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM credential WHERE kgc = :kgc AND role = 'SIGNER'")
                .bind("kgc", kgc.bytes())
                .map((row, context) -> CredentialRow.read(row))
                .findOne();
    }

    /** The oldest in stock for signing that is valid for longer than that. */
    static Optional<CredentialRow> outliving(Handle handle, Digest kgc, long notAfter) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM credential WHERE kgc = :kgc AND usage = 'SIGNING'"
                        + " AND role = 'STOCK' AND not_after > :end ORDER BY number LIMIT 1")
                .bind("kgc", kgc.bytes())
                .bind("end", notAfter)
                .map((row, context) -> CredentialRow.read(row))
                .findOne();
    }

    /** Whether it was there. */
    static boolean delete(Handle handle, long number) {
        return handle.execute("DELETE FROM credential WHERE number = ?", number) > 0;
    }

    static List<CredentialRow> all(Handle handle) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM credential")
                .map((row, context) -> CredentialRow.read(row))
                .list();
    }

    static int dropKey(Handle handle, Digest kgc) {
        return handle.execute("DELETE FROM credential WHERE kgc = ?", (Object) kgc.bytes());
    }

    static int dropExpired(Handle handle, long marginSeconds, long now) {
        return handle.createUpdate(
                        "DELETE FROM credential WHERE not_after < :now OR (role = 'STOCK' AND NOT (" + USABLE + "))")
                .bind("margin", marginSeconds)
                .bind("now", now)
                .execute();
    }

    static boolean hasExpired(Handle handle, long marginSeconds, long now) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM credential"
                        + " WHERE not_after < :now OR (role = 'STOCK' AND NOT (" + USABLE + ")))")
                .bind("margin", marginSeconds)
                .bind("now", now)
                .map((row, context) -> row.getBoolean(1))
                .one();
    }

    static Map<Digest, Shelf> shelves(Handle handle, long marginSeconds, long now) {
        Map<Digest, Shelf> shelves = new HashMap<>();
        handle.createQuery("SELECT kgc, usage, role, COUNT(*) AS held, MIN(not_before) AS first, MAX(not_after) AS last"
                        + " FROM credential WHERE role = 'SIGNER' OR " + USABLE + " GROUP BY kgc, usage, role")
                .bind("margin", marginSeconds)
                .bind("now", now)
                .map((row, context) -> new Group(row))
                .forEach(group -> shelves.merge(group.kgc, group.shelf, (one, other) -> group.added(one)));
        return shelves;
    }

    /** Credentials of one usage and role under one key. */
    private static final class Group {

        private final Digest kgc;
        private final Shelf shelf;

        Group(ResultSet row) throws SQLException {
            kgc = Digest.of(row.getBytes("kgc"));
            shelf = Role.valueOf(row.getString("role")) == Role.SIGNER
                    ? new Shelf(0, 0, Optional.of(new Validity(row.getLong("first"), row.getLong("last"))))
                    : Shelf.EMPTY.changed(Usage.valueOf(row.getString("usage")), row.getInt("held"));
        }

        Shelf added(Shelf to) {
            return new Shelf(
                    to.agreement() + shelf.agreement(),
                    to.signing() + shelf.signing(),
                    to.signer().or(shelf::signer));
        }
    }
}
