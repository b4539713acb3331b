package io.ferrymesh.stores.directory;

import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ObjectStoreConformance;
import io.ferrymesh.stores.StoreException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreConformanceTest extends ObjectStoreConformance {

    @TempDir
    Path root;

    @Override
    protected ObjectStore open() throws StoreException {
        return DirectoryStore.open(root);
    }

    @Override
    protected ObjectStore openWithSmallPages() throws StoreException {
        return DirectoryStore.open(root, new DirectoryStoreOptions(2_000, 16));
    }
}
