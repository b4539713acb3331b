package io.ferrymesh.provider.work;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.SignedReceipt;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The receipts of grants and migrations: they are added and never replaced, since each is evidence of its own run. */
enum ReceiptTable {
    GRANTS("grant_receipt", "grant_offer"),
    MIGRATIONS("migration_receipt", "migration");

    /** Most of one grant or migration. */
    static final int MOST = 1_000;

    private final String table;
    private final String of;

    ReceiptTable(String table, String of) {
        this.table = table;
        this.of = of;
    }

    /** Adds one that is not there yet. False when what it is of is gone, or has too many. */
    boolean add(Handle handle, MigrationId id, byte[] receipt) {
        int there = handle.createUpdate("UPDATE " + of + " SET receipt = receipt WHERE id = :id") // until this is over
                .bind("id", id.bytes())
                .execute();
        if (there == 0) {
            return false;
        }
        if (has(handle, id, receipt)) {
            return true;
        }
        long before = handle.createQuery("SELECT COUNT(*) FROM " + table + " WHERE id = :id")
                .bind("id", id.bytes())
                .mapTo(Long.class)
                .one();
        if (before >= MOST) {
            return false;
        }
        Statements.run(handle.createUpdate("INSERT INTO " + table
                        + " (id, number, objects, receipt) VALUES (:id, :number, :objects, :receipt)")
                .bind("id", id.bytes())
                .bind("number", before + 1)
                .bind("objects", objects(receipt))
                .bind("receipt", receipt));
        Statements.run(handle.createUpdate("UPDATE " + of + " SET receipt = :receipt WHERE id = :id")
                .bind("receipt", receipt)
                .bind("id", id.bytes()));
        return true;
    }

    /** The one of a number. */
    Optional<byte[]> get(Handle handle, MigrationId id, long number) {
        return handle.createQuery("SELECT receipt FROM " + table + " WHERE id = :id AND number = :number")
                .bind("id", id.bytes())
                .bind("number", number)
                .mapTo(byte[].class)
                .findOne();
    }

    /** The newest of those that cover most objects. */
    Optional<byte[]> widest(Handle handle, MigrationId id) {
        return handle.createQuery(
                        "SELECT receipt FROM " + table + " WHERE id = :id ORDER BY objects DESC, number DESC LIMIT 1")
                .bind("id", id.bytes())
                .mapTo(byte[].class)
                .findOne();
    }

    private boolean has(Handle handle, MigrationId id, byte[] receipt) {
        return handle.createQuery("SELECT COUNT(*) FROM " + table + " WHERE id = :id AND receipt = :receipt")
                        .bind("id", id.bytes())
                        .bind("receipt", receipt)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    private static long objects(byte[] receipt) {
        try {
            return SignedReceipt.decode(receipt).receipt().objects();
        } catch (RuntimeException e) { // kept as it is: whoever reads it will say so
            return 0;
        }
    }
}
