package io.ferrymesh.it.containers;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** The same files at every run. Goes through a store, which can write every name whatever the machine's locale. */
final class SampleData {

    private static final Instant TAKEN = Instant.parse("2021-05-04T09:30:00.123456789Z");

    private final DirectoryStore store;
    private final SplittableRandom random = new SplittableRandom(7);
    private int objects;
    private long bytes;

    private SampleData(DirectoryStore store) {
        this.store = store;
    }

    /** Notes, photos, one video, odd names, an empty file and an empty folder. */
    static SampleData fill(Path directory) throws StoreException {
        try (DirectoryStore store = DirectoryStore.open(directory)) {
            SampleData data = new SampleData(store);
            for (int i = 0; i < 300; i++) {
                data.object("notes/%d/note %03d.txt".formatted(2019 + i % 5, i), data.random.nextInt(1, 20_000));
            }
            for (int i = 0; i < 20; i++) {
                data.object("photos/IMG_%03d.jpg".formatted(i), data.random.nextInt(100_000, 600_000));
            }
            data.object("videos/Sommer am See – Überfahrt.mp4", 40 << 20);
            data.object("odd names/写真 📷.jpg", 31_337);
            data.object("odd names/with\nnewline and 'quotes'", 42);
            data.object("odd names/empty", 0);
            data.object("odd names/empty folder/", 0);
            return data;
        }
    }

    /** How many objects, the empty folder included. */
    int objects() {
        return objects;
    }

    long bytes() {
        return bytes;
    }

    private void object(String path, int size) throws StoreException {
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of(path), size, TAKEN.plusSeconds(objects)));
        byte[] content = new byte[size];
        random.nextBytes(content);
        staged.write(0, content, 0, size);
        var outcome = store.publish(List.of(staged), PublishMode.CREATE_ONLY).get(0);
        if (outcome.error() != null) {
            throw outcome.error();
        }
        objects++;
        bytes += size;
    }
}
