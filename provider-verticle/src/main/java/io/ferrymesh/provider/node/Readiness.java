package io.ferrymesh.provider.node;

import io.ferrymesh.provider.ops.Degradation;
import io.ferrymesh.provider.ops.Health;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;

/** What a provider cannot do without: its database, and its store. */
final class Readiness {

    /** Nobody's: the paths of accounts begin otherwise. */
    private static final ObjectPath ANY = ObjectPath.of(".ferrymesh-readiness");

    private Readiness() {}

    static Health of(Vertx vertx, ProviderBase base, Supplier<List<Degradation>> degraded) {
        return new Health(vertx, degraded)
                .needs("database", () -> {
                    int unused = base.state().database().read(handle -> handle.createQuery(
                                    "SELECT COUNT(*) FROM counter")
                            .mapTo(Integer.class)
                            .one());
                })
                .needs("store", () -> look(base.store()));
    }

    private static void look(ObjectStore store) {
        try {
            var unused = store.head(ANY);
        } catch (StoreException e) {
            if (e.error() != StoreError.NOT_FOUND) {
                throw new IllegalStateException("the store does not answer", e);
            }
        }
    }
}
