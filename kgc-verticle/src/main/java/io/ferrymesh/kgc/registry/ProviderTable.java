package io.ferrymesh.kgc.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The providers. Updating a provider's row is what orders its issuing, its quota and its revocation. */
public final class ProviderTable {

    /**
     * A provider.
     *
     * @param quota of its own; empty for the default
     * @param epochStart when the quota epoch began in which it was issued something last, in epoch seconds
     * @param used what it was issued in that epoch
     */
    public record Row(
            long number, String name, boolean revoked, OptionalInt quota, long createdAt, long epochStart, int used) {

        /** What it was issued in the quota epoch that began then. */
        public int usedIn(long start) {
            return epochStart >= start ? used : 0;
        }
    }

    private ProviderTable() {}

    /** A new one under a number of its own; false if the name is taken. */
    public static boolean insert(Handle handle, long number, String name, OptionalInt quota, long now) {
        return handle.createUpdate("INSERT INTO provider (number, name, state, quota, created_at, epoch, used)"
                                + " VALUES (:number, :name, 'ACTIVE', :quota, :now, 0, 0) ON CONFLICT DO NOTHING")
                        .bind("number", number)
                        .bind("name", name)
                        .bind("quota", nullable(quota))
                        .bind("now", now)
                        .execute()
                == 1;
    }

    /** How many there are, revoked ones included. */
    public static long count(Handle handle) {
        return handle.createQuery("SELECT COUNT(*) FROM provider")
                .mapTo(Long.class)
                .one();
    }

    /** One of them. */
    public static Optional<Row> find(Handle handle, long number) {
        return handle.createQuery("SELECT * FROM provider WHERE number = :number")
                .bind("number", number)
                .map((row, context) -> row(row))
                .findOne();
    }

    /** Those with a higher number, ascending. */
    public static List<Row> after(Handle handle, long number, int limit) {
        return handle.createQuery("SELECT * FROM provider WHERE number > :number ORDER BY number LIMIT :limit")
                .bind("number", number)
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list();
    }

    /** Sets the quota; false if there is no such provider. */
    public static boolean setQuota(Handle handle, long number, OptionalInt quota) {
        return handle.createUpdate("UPDATE provider SET quota = :quota WHERE number = :number")
                        .bind("quota", nullable(quota))
                        .bind("number", number)
                        .execute()
                == 1;
    }

    /**
     * Charges so many certificates to the quota epoch that began then, unless the provider is revoked or the quota does not allow
     * it; false then, and nothing is changed. A node whose clock is behind charges the later epoch, so that no quota comes back.
     */
    public static boolean charge(Handle handle, long number, int count, long epochStart, int defaultQuota) {
        return handle.createUpdate("UPDATE provider SET"
                                + " used = :count + CASE WHEN epoch >= :epoch THEN used ELSE 0 END,"
                                + " epoch = CASE WHEN epoch >= :epoch THEN epoch ELSE :epoch END"
                                + " WHERE number = :number AND state = 'ACTIVE'"
                                + " AND :count + CASE WHEN epoch >= :epoch THEN used ELSE 0 END"
                                + " <= COALESCE(quota, :defaultQuota)")
                        .bind("count", (long) count)
                        .bind("epoch", epochStart)
                        .bind("number", number)
                        .bind("defaultQuota", (long) defaultQuota)
                        .execute()
                == 1;
    }

    /** Revokes it, and holds its row until the transaction ends; false if there is no such provider. */
    public static boolean revoke(Handle handle, long number) {
        return handle.createUpdate("UPDATE provider SET state = 'REVOKED' WHERE number = :number")
                        .bind("number", number)
                        .execute()
                == 1;
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("number"),
                row.getString("name"),
                row.getString("state").equals("REVOKED"),
                Columns.optionalInt(row, "quota"),
                row.getLong("created_at"),
                row.getLong("epoch"),
                row.getInt("used"));
    }

    private static @Nullable Long nullable(OptionalInt value) {
        return value.isPresent() ? Long.valueOf(value.getAsInt()) : null;
    }
}
