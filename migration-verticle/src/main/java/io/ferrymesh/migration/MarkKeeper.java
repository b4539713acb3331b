package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the mark of a move into the destination's store, tells the source, and removes it. Workers only. */
final class MarkKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(MarkKeeper.class);

    private static final byte[] CONTENT =
            "Objects are moving here. This goes when they are all listed.\n".getBytes(StandardCharsets.US_ASCII);

    private final MigrationId id;
    private final ObjectStore store;
    private final boolean onlyLooks;
    private final InstantSource clock;
    private final Consumer<byte[]> answer;
    private final Consumer<MeshException> stop;
    private @Nullable ObjectPath placed;
    private boolean closed;

    /**
     * Of one run.
     *
     * @param onlyLooks whether nothing is to be put into the store: then nothing moves
     * @param stop ends the run when the store does not take the mark
     */
    MarkKeeper(
            MigrationId id,
            ObjectStore store,
            boolean onlyLooks,
            InstantSource clock,
            Consumer<byte[]> answer,
            Consumer<MeshException> stop) {
        this.id = id;
        this.store = store;
        this.onlyLooks = onlyLooks;
        this.clock = clock;
        this.answer = answer;
        this.stop = stop;
    }

    /** What the source says of its grant. */
    synchronized void scope(Scope scope) {
        if (!scope.moves() || closed) {
            return;
        }
        try {
            if (!onlyLooks) {
                ObjectPath path = new MoveMark(id, scope.prefix()).path();
                placed = path;
                put(path);
            }
            answer.accept(Records.marked(!onlyLooks));
        } catch (StoreException e) {
            ErrorCode code =
                    Outage.isOne(e) ? ErrorCode.UNAVAILABLE : Setback.of(e).code();
            stop.accept(new MeshException(code, "the store does not take the mark of a move: " + e.getMessage(), e));
        }
    }

    private void put(ObjectPath path) throws StoreException {
        ObjectInfo info = new ObjectInfo(path, CONTENT.length, clock.instant());
        StagedObject staged = store.stage(info, ObjectMetadata.EMPTY);
        try {
            staged.write(0, CONTENT, 0, CONTENT.length);
        } catch (StoreException e) {
            staged.close();
            throw e;
        }
        StoreException failure =
                store.publish(List.of(staged), PublishMode.REPLACE).get(0).error();
        if (failure != null) {
            throw failure;
        }
    }

    /** The source has listed everything, or the run is over: it goes, and comes no more. */
    synchronized void close() {
        closed = true;
        ObjectPath there = placed;
        placed = null;
        if (there == null) {
            return;
        }
        try {
            store.delete(there);
        } catch (StoreException e) {
            if (e.error() != StoreError.NOT_FOUND) {
                LOG.warn("migration {}: the mark of the move stays: {}", id, e.error());
            }
        }
    }
}
