package io.ferrymesh.kgc.registry;

import io.ferrymesh.scheme.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/**
 * Where what is counted or chained stands. Whoever {@link #lock}s or {@link #advance}s one holds it until the transaction ends;
 * those who need several take them in the order of {@link Name}, after any row of a provider.
 */
public final class Heads {

    /** What is counted. */
    public enum Name {
        /** Certificates: serials up to here are given to some node. */
        SERIAL,
        /** Providers. */
        PROVIDER,
        /** Entries of the audit log. */
        AUDIT,
        /** Entries of the revocation log. */
        REVOCATION;

        String key() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** The last number and, where it is a chain, the hash there. */
    public record Head(long number, Digest hash) {}

    private static final Digest NONE = Digest.of(new byte[Digest.LENGTH]);

    private Heads() {}

    /** Begins every count, once in a database's life. */
    public static void begin(Handle handle, long serial) {
        for (Name name : Name.values()) {
            int unused = handle.createUpdate("INSERT INTO head (name, number, hash) VALUES (:name, :number, :hash)")
                    .bind("name", name.key())
                    .bind("number", name == Name.SERIAL ? serial : 0)
                    .bind("hash", NONE.bytes())
                    .execute();
        }
    }

    /** As it stands. */
    public static Head read(Handle handle, Name name) {
        return handle.createQuery("SELECT number, hash FROM head WHERE name = :name")
                .bind("name", name.key())
                .map((row, context) -> head(row))
                .one();
    }

    /** As it stands, and held. */
    public static Head lock(Handle handle, Name name) {
        return advance(handle, name, 0);
    }

    /** Adds to the number and holds it. Returns the new number, still with the hash before. */
    public static Head advance(Handle handle, Name name, long by) {
        return handle.createQuery("UPDATE head SET number = number + :by WHERE name = :name RETURNING number, hash")
                .bind("by", by)
                .bind("name", name.key())
                .map((row, context) -> head(row))
                .one();
    }

    /** Sets both; the caller holds it. */
    public static void set(Handle handle, Name name, Head head) {
        int unused = handle.createUpdate("UPDATE head SET number = :number, hash = :hash WHERE name = :name")
                .bind("number", head.number())
                .bind("hash", head.hash().bytes())
                .bind("name", name.key())
                .execute();
    }

    /** Makes sure the number is at least this. */
    public static void raise(Handle handle, Name name, long atLeast) {
        int unused = handle.createUpdate("UPDATE head SET number = :number WHERE name = :name AND number < :number")
                .bind("number", atLeast)
                .bind("name", name.key())
                .execute();
    }

    private static Head head(ResultSet row) throws SQLException {
        return new Head(row.getLong("number"), Digest.of(row.getBytes("hash")));
    }
}
