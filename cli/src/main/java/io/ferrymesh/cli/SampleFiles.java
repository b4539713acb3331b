package io.ferrymesh.cli;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes what somebody's cloud might hold: notes, photos, a few videos, odd names, an empty file and an empty folder. The
 * same seed makes the same files. Goes through a store, which can write every name whatever the machine's locale.
 */
final class SampleFiles {

    private static final Instant FIRST_TAKEN = Instant.parse("2019-05-04T09:30:00Z");
    private static final int GROUP = 256;

    private final ObjectStore store;
    private final SplittableRandom random;
    private final byte[] buffer = new byte[64 << 10];
    private final List<StagedObject> group = new ArrayList<>();
    private long bytes;
    private int files;

    SampleFiles(ObjectStore store, long seed) {
        this.store = store;
        this.random = new SplittableRandom(seed);
    }

    /** Fills an empty store. */
    void fill() throws StoreException {
        for (int i = 0; i < 2_400; i++) {
            file("notes/%d/note %04d.txt".formatted(2019 + i % 6, i), random.nextInt(200, 24_000));
        }
        for (int i = 0; i < 700; i++) {
            String month = "photos/%d/%02d".formatted(2019 + i % 6, 1 + i % 12);
            file(month + "/IMG_%05d.jpg".formatted(i), random.nextInt(80_000, 500_000));
        }
        for (int i = 0; i < 6; i++) {
            file("videos/clip %d.mp4".formatted(i), random.nextInt(4 << 20, 24 << 20));
        }
        file("videos/Sommer am See – Überfahrt.mp4", 96 << 20);
        file("odd names/写真 📷.jpg", 31_337);
        file("odd names/with\nnewline and 'quotes'.txt", 42);
        file("odd names/" + "x".repeat(251) + ".txt", 7);
        file("odd names/empty", 0);
        file("odd names/empty folder/", 0);
        publish();
    }

    int files() {
        return files;
    }

    long bytes() {
        return bytes;
    }

    private void file(String path, int size) throws StoreException {
        Instant taken = FIRST_TAKEN.plusSeconds(random.nextLong(200_000_000));
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of(path), size, taken));
        group.add(staged);
        for (int at = 0; at < size; at += buffer.length) {
            random.nextBytes(buffer);
            staged.write(at, buffer, 0, Math.min(size - at, buffer.length));
        }
        files++;
        bytes += size;
        if (group.size() == GROUP) {
            publish();
        }
    }

    private void publish() throws StoreException {
        for (PublishOutcome outcome : store.publish(group, PublishMode.CREATE_ONLY)) {
            if (outcome.error() != null) {
                throw outcome.error();
            }
        }
        group.clear();
    }
}
