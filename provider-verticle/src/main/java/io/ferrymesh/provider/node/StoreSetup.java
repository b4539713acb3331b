package io.ferrymesh.provider.node;

import io.ferrymesh.provider.config.StoreConfig.Directory;
import io.ferrymesh.provider.config.StoreConfig.Place;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;

/** Opens the store that is configured. */
final class StoreSetup {

    private StoreSetup() {}

    /** Fails when it is not there, or cannot be used. Blocking. */
    static ObjectStore open(Place place) throws StoreException {
        if (place instanceof Directory directory) {
            return DirectoryStore.open(directory.root());
        }
        throw new IllegalStateException("no such store: " + place);
    }
}
