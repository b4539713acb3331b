package io.ferrymesh.kgc.registry;

import org.jdbi.v3.core.Handle;

/** Signed bulletins that vouch for audit entries. */
public final class SignatureTable {

    private SignatureTable() {}

    /** The last entry that is vouched for; 0 if none is. */
    public static long last(Handle handle) {
        return handle.createQuery("SELECT COALESCE(MAX(seq), 0) FROM audit_signature")
                .mapTo(Long.class)
                .one();
    }

    /** Keeps one, if there is none for this entry and epoch. */
    public static void insert(Handle handle, long seq, int keyEpoch, byte[] bulletin) {
        int unused = handle.createUpdate("INSERT INTO audit_signature (seq, key_epoch, bulletin)"
                        + " VALUES (:seq, :epoch, :bulletin) ON CONFLICT DO NOTHING")
                .bind("seq", seq)
                .bind("epoch", (long) keyEpoch)
                .bind("bulletin", bulletin)
                .execute();
    }
}
