package io.ferrymesh.stores.directory;

import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ObjectStoreConformance;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

class DirectoryStoreConformanceTest extends ObjectStoreConformance {

    @TempDir(factory = MemoryForMany.class)
    Path root;

    @Override
    protected ObjectStore open() throws StoreException {
        return DirectoryStore.open(root);
    }

    @Override
    protected ObjectStore openWithSmallPages() throws StoreException {
        return DirectoryStore.open(root, new DirectoryStoreOptions(10_000, 16));
    }

    @Override
    protected boolean nothingIsStaged() {
        return Files.notExists(root.resolve(StagingArea.NAME));
    }

    @Override
    protected void fill(List<String> paths) throws Exception {
        makeFiles(root, paths);
    }

    /**
     * On disk, except for many files where memory has room for them: ext4 makes files ten times slower for a while after
     * thousands were deleted, so there every second run of the suite would be slow.
     */
    static final class MemoryForMany implements TempDirFactory {

        private static final Path MEMORY = Path.of("/dev/shm");
        private static final long ROOM_BYTES = 512L << 20;

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
            return test.getTags().contains(MANY_OBJECTS) && hasRoom()
                    ? Files.createTempDirectory(MEMORY, "stores")
                    : Files.createTempDirectory("stores");
        }

        private static boolean hasRoom() throws IOException {
            return Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() >= ROOM_BYTES;
        }
    }
}
