package io.ferrymesh.kgc.registry;

import io.ferrymesh.scheme.Digest;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Whose database this is: one row, written once. */
public final class CentreTable {

    private CentreTable() {}

    /** The key centre's name: the fingerprint of its first epoch. Empty in a database that is nobody's yet. */
    public static Optional<Digest> fingerprint(Handle handle) {
        return handle.createQuery("SELECT fingerprint FROM centre")
                .map((row, context) -> Digest.of(row.getBytes("fingerprint")))
                .findOne();
    }

    /** Makes it this centre's; false if it is somebody's already. */
    public static boolean claim(Handle handle, Digest fingerprint, long now) {
        return handle.createUpdate("INSERT INTO centre (id, fingerprint, created_at) VALUES (1, :fingerprint, :now)"
                                + " ON CONFLICT DO NOTHING")
                        .bind("fingerprint", fingerprint.bytes())
                        .bind("now", now)
                        .execute()
                == 1;
    }
}
