package io.ferrymesh.provider.node;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.config.StoreConfig;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What ties a provider to its store: an object beside the accounts' parts, whose content is a random id that the database has too. So
 * a mount point without its disk, or another provider's bucket, is not taken for a store that has become empty. Blocking.
 */
final class StoreMarker {

    /** Beside the accounts' parts, which are below directories: no account's path. No dot, which some servers hide. */
    static final String NAME = "ferrymesh-provider";

    private static final int ID_BYTES = 16;
    private static final int ID_LENGTH = 2 * ID_BYTES;

    private final ObjectPath place;
    private final String id;

    private StoreMarker(ObjectPath place, String id) {
        this.place = place;
        this.id = id;
    }

    /**
     * Where the marker is. Nowhere in a store that is one account's whole: that is somebody's own directory or bucket, in which nothing
     * is but their objects, and which a provider may have to leave as it is.
     */
    private static Optional<ObjectPath> place(StoreConfig config) {
        return config.isDivided() ? Optional.of(ObjectPath.of(config.above() + NAME)) : Optional.empty();
    }

    /**
     * Marks the store of a new provider; done again after it was cut off, it is done once. Fails with IllegalStateException when the
     * store is another provider's.
     */
    static void begin(Database database, StoreConfig config, ObjectStore store, SecureRandom random)
            throws StoreException {
        Optional<ObjectPath> place = place(config);
        if (place.isPresent()) {
            byte[] drawn = new byte[ID_BYTES];
            random.nextBytes(drawn);
            int unused = database.transaction(handle -> handle.createUpdate(
                            "INSERT INTO object_store (id, marker) VALUES (1, :marker) ON CONFLICT (id) DO NOTHING")
                    .bind("marker", HexFormat.of().formatHex(drawn))
                    .execute());
            StoreMarker marker = new StoreMarker(place.get(), known(database).orElseThrow());
            marker.write(store);
            marker.requireOurs(marker.read(store));
        }
    }

    /** The one of a provider that has begun; empty where there is none. IllegalStateException if its database knows of none. */
    static Optional<StoreMarker> of(Database database, StoreConfig config) {
        return place(config)
                .map(at -> new StoreMarker(
                        at,
                        known(database)
                                .orElseThrow(() -> new IllegalStateException(
                                        "store.userPrefix had no {account} in it when this provider was begun, and has"
                                                + " now: objects would be elsewhere than they are"))));
    }

    private static Optional<String> known(Database database) {
        return database.read(handle -> handle.createQuery("SELECT marker FROM object_store WHERE id = 1")
                .mapTo(String.class)
                .findOne());
    }

    /** Fails with IllegalStateException, which says what to do, unless this is the provider's store. */
    void require(ObjectStore store) throws StoreException {
        Optional<String> there = read(store);
        if (there.isEmpty()) {
            throw new IllegalStateException("the store is not this provider's, or not there: it has no object " + place
                    + ". Is it mounted, and the right one? If it is, put an object there that holds " + id);
        }
        requireOurs(there);
    }

    /** Whether this is the provider's store now. */
    boolean isIn(ObjectStore store) throws StoreException {
        return read(store).filter(id::equals).isPresent();
    }

    private void requireOurs(Optional<String> there) {
        if (!there.equals(Optional.of(id))) {
            throw new IllegalStateException("the store is another provider's: its object " + place + " does not hold "
                    + id + ", which is this one's");
        }
    }

    /** What is there; empty when nothing is. A line break at its end, as an editor leaves it, does not count. */
    private Optional<String> read(ObjectStore store) throws StoreException {
        byte[] content = new byte[ID_LENGTH + 2];
        try (ObjectReader reader = store.open(place)) {
            int length = reader.read(0, content, 0, content.length);
            return Optional.of(new String(Arrays.copyOf(content, length), StandardCharsets.UTF_8).strip());
        } catch (StoreException e) {
            if (e.error() == StoreError.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** One that is there stays as it is. */
    private void write(ObjectStore store) throws StoreException {
        byte[] content = id.getBytes(StandardCharsets.UTF_8);
        try (StagedObject staged = store.stage(new ObjectInfo(place, content.length, Instant.now()))) {
            staged.write(0, content, 0, content.length);
            @Nullable
            StoreException failure = store.publish(List.of(staged), PublishMode.CREATE_ONLY)
                    .get(0)
                    .error();
            if (failure != null && failure.error() != StoreError.EXISTS) {
                throw failure;
            }
        }
    }
}
