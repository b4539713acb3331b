package io.ferrymesh.provider.work;

import io.ferrymesh.stores.ObjectInfo;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What a mirror is told while it runs: what was here before, and what its source has listed. Everything counts only under the run's
 * lease: false when that is lost, and nothing is written then.
 */
final class MirrorNames {

    private MirrorNames() {}

    /** Whether it is still to be told what is here; if so, from now on. Empty when the lease is lost. */
    static Optional<Boolean> wantsHere(Handle handle, Lease lease, long now) {
        if (!JournalTable.isCurrent(handle, lease)) {
            return Optional.empty();
        }
        int begun = handle.createUpdate(
                        "UPDATE migration SET mirror_since = :now WHERE id = :id AND mirror_here_run IS NULL")
                .bind("now", now)
                .bind("id", lease.id().bytes())
                .execute();
        return Optional.of(begun == 1);
    }

    /** Enters what is here. */
    static boolean here(Handle handle, Lease lease, List<ObjectInfo> objects, long mostOfAccount) {
        boolean held = JournalTable.count(handle, lease, objects.size(), mostOfAccount);
        if (!held || objects.isEmpty()) {
            return held;
        }
        try (PreparedBatch batch = handle.prepareBatch("INSERT INTO migration_listed (migration, path_key, run,"
                + " here_run, here) VALUES (:id, :key, 0, :run, :here) ON CONFLICT (migration, path_key) DO UPDATE SET"
                + " here_run = excluded.here_run, here = excluded.here")) {
            for (ObjectInfo info : objects) {
                PreparedBatch unused = batch.bind("id", lease.id().bytes())
                        .bind("key", MirrorKey.of(info.path().toString()).bytes())
                        .bind("run", lease.fence())
                        .bind("here", MirrorKey.state(info))
                        .add();
            }
            int[] unused = batch.execute();
        }
        return true;
    }

    /** All that is here is entered. */
    static boolean allHere(Handle handle, Lease lease) {
        boolean held = JournalTable.isCurrent(handle, lease);
        if (held) {
            Statements.run(handle.createUpdate("UPDATE migration SET mirror_here_run = :run WHERE id = :id")
                    .bind("run", lease.fence())
                    .bind("id", lease.id().bytes()));
        }
        return held;
    }

    /** Notes which part its source lists. */
    static boolean source(Handle handle, Lease lease, String prefix) {
        boolean held = JournalTable.isCurrent(handle, lease);
        if (held) {
            Statements.run(handle.createUpdate("UPDATE migration SET source_prefix = :prefix WHERE id = :id")
                    .bind("prefix", prefix)
                    .bind("id", lease.id().bytes()));
        }
        return held;
    }

    /** Enters what its source has. */
    static boolean listed(Handle handle, Lease lease, Collection<PathKey> keys, long mostOfAccount) {
        boolean held = JournalTable.count(handle, lease, keys.size(), mostOfAccount);
        if (!held || keys.isEmpty()) {
            return held;
        }
        try (PreparedBatch batch = handle.prepareBatch("INSERT INTO migration_listed (migration, path_key, run) VALUES"
                + " (:id, :key, :run) ON CONFLICT (migration, path_key) DO UPDATE SET run = excluded.run")) {
            for (PathKey key : keys) {
                PreparedBatch unused = batch.bind("id", lease.id().bytes())
                        .bind("key", key.bytes())
                        .bind("run", lease.fence())
                        .add();
            }
            int[] unused = batch.execute();
        }
        return true;
    }
}
