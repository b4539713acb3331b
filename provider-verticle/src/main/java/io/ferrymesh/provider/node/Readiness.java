package io.ferrymesh.provider.node;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.ops.Health;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What a provider cannot do without: its database, to read and to write, and its store, which has to be its own. */
final class Readiness {

    /** Nobody's, asked for where a store has no marker: the paths of accounts begin otherwise. */
    private static final ObjectPath ANY = ObjectPath.of(".ferrymesh-readiness");

    private Readiness() {}

    /**
     * Has these looked at.
     *
     * @param beats whether this process has written to the database lately
     */
    static Health add(
            Health health, Database database, ObjectStore store, Optional<StoreMarker> marker, BooleanSupplier beats) {
        return health.needs("database", () -> {
                    int unused = database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM counter")
                            .mapTo(Integer.class)
                            .one());
                    if (!beats.getAsBoolean()) {
                        throw new IllegalStateException("the database has not been written to for most of"
                                + " migrations.leaseMs: a standby that only reads, or a full disk?");
                    }
                })
                .needs("store", () -> look(store, marker));
    }

    private static void look(ObjectStore store, Optional<StoreMarker> marker) {
        try {
            if (marker.isPresent()) {
                marker.get().require(store);
            } else {
                var unused = store.head(ANY);
            }
        } catch (StoreException e) {
            if (e.error() != StoreError.NOT_FOUND) {
                throw new IllegalStateException("the store does not answer", e);
            }
        }
    }
}
