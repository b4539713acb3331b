package io.ferrymesh.provider.work;

import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The processes of this provider. */
final class InstanceTable {

    /** The beat of who was taken for dead and claimed something before it knew. */
    static final long GONE = 0;

    private InstanceTable() {}

    static void insert(Handle handle, String id, long now) {
        Statements.run(handle.createUpdate("INSERT INTO instance (id, beat, started_at) VALUES (:id, 1, :now)")
                .bind("id", id)
                .bind("now", now));
    }

    /** Shows that a process lives; false when it was taken for dead. */
    static boolean beat(Handle handle, String id) {
        return handle.createUpdate("UPDATE instance SET beat = beat + 1 WHERE id = :id")
                        .bind("id", id)
                        .execute()
                == 1;
    }

    /** Every process and its beat. */
    static Map<String, Long> beats(Handle handle) {
        return handle.createQuery("SELECT id, beat FROM instance").reduceRows(new java.util.HashMap<>(), (all, row) -> {
            all.put(row.getColumn("id", String.class), row.getColumn("beat", Long.class));
            return all;
        });
    }

    /** Whether there are more than one. */
    static boolean several(Handle handle) {
        return handle.createQuery("SELECT COUNT(*) FROM instance")
                        .mapTo(Long.class)
                        .one()
                > 1;
    }

    /** The same, with those of which there is no row any more and which hold something all the same: they have {@link #GONE}. */
    static Map<String, Long> beatsOfHolders(Handle handle) {
        Map<String, Long> all = beats(handle);
        handle.createQuery("SELECT holder FROM grant_offer WHERE holder IS NOT NULL"
                        + " UNION SELECT holder FROM migration WHERE holder IS NOT NULL"
                        + " UNION SELECT holder FROM job UNION SELECT instance FROM space_reservation")
                .mapTo(String.class)
                .forEach(holder -> all.putIfAbsent(holder, GONE));
        return all;
    }

    /** Removes a process that did not beat since, and frees what it held; false when it did. */
    static boolean bury(Handle handle, String id, long beat, long now) {
        boolean dead = beat == GONE
                || handle.createUpdate("DELETE FROM instance WHERE id = :id AND beat = :beat")
                                .bind("id", id)
                                .bind("beat", beat)
                                .execute()
                        == 1;
        if (dead) {
            free(handle, id, now);
        }
        return dead;
    }

    /** Removes this process and frees what it held. */
    static void leave(Handle handle, String id, long now) {
        Statements.run(
                handle.createUpdate("DELETE FROM instance WHERE id = :id").bind("id", id));
        free(handle, id, now);
    }

    private static void free(Handle handle, String id, long now) {
        GrantTable.releaseAll(handle, id);
        MigrationLeases.releaseAll(handle, id);
        Statements.run(handle.createUpdate("DELETE FROM job WHERE holder = :id").bind("id", id));
        SpaceTable.settleAll(handle, id, now);
    }
}
