package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.Room;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.Pauses;
import io.ferrymesh.stores.retry.Retries;
import io.ferrymesh.stores.retry.RetryListener;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A store on a WebDAV server. An object is uploaded to staging and takes its place by one MOVE. Modification times are kept
 * to the second where the server can, metadata is not. See docs/stores.md for what it asks of the server and the limits.
 */
public final class WebDavStore implements ObjectStore {

    private static final Set<String> NEEDED = Set.of("PROPFIND", "PUT", "MKCOL", "MOVE", "DELETE");

    /** So often an object is looked at that others change meanwhile. */
    private static final int ATTEMPTS = 5;

    /** Of objects, held for as long as the requests of a change take. Two open stores may be over the same place. */
    private static final KeyedLocks LOCKS = new KeyedLocks();

    private final WebDavStoreOptions options;
    private final Dav dav;
    private final Places places;
    private final Staging staging;
    private final Collections collections;
    private final Placement placement;
    private final Removal removal;
    private final Set<StagedUpload> open = ConcurrentHashMap.newKeySet();

    private WebDavStore(WebDavStoreOptions options, RetryListener listener) {
        var clock = InstantSource.system();
        var retries = new Retries(
                options.retries(), listener, () -> ThreadLocalRandom.current().nextLong(), Pauses.REAL);
        this.options = options;
        this.dav = new Dav(new HttpExchanges(options), retries, clock);
        this.places = new Places(options.base());
        this.staging = new Staging(dav, places);
        this.collections = new Collections(dav, places, staging);
        this.placement = new Placement(dav, places, collections, options.spool());
        this.removal = new Removal(dav, places, collections);
    }

    /** Opens the store; {@link #open(WebDavStoreOptions, RetryListener)} without anybody to count retries. */
    public static WebDavStore open(WebDavStoreOptions options) throws StoreException {
        return open(options, RetryListener.NONE);
    }

    /**
     * Opens the store over an existing collection and removes what stores that died have left in staging long ago. Fails with
     * NOT_FOUND, NOT_READABLE (the login is refused too), UNAVAILABLE, or IO_ERROR where the server does not speak WebDAV or
     * does not allow a method that is needed.
     */
    public static WebDavStore open(WebDavStoreOptions options, RetryListener listener) throws StoreException {
        var store = new WebDavStore(options, listener);
        try {
            store.check();
            store.staging.removeAbandoned(InstantSource.system());
            return store;
        } catch (StoreException e) {
            store.dav.close();
            throw e;
        }
    }

    @Override
    public ObjectListing list(String prefix, Optional<ObjectPath> after) {
        return new WebDavListing(dav, places, prefix, after.orElse(null), options.listingEntries());
    }

    @Override
    public ObjectInfo head(ObjectPath path) throws StoreException {
        return details(path).info();
    }

    @Override
    public void requirePath(ObjectPath path) throws StoreException {
        refuseReserved(path, StoreError.UNSUPPORTED_PATH);
    }

    @Override
    public void requireMetadata(ObjectPath path, ObjectMetadata metadata) throws StoreException {
        if (!metadata.isEmpty()) {
            throw new StoreException(StoreError.UNSUPPORTED_METADATA, path + ": a WebDAV store keeps no metadata");
        }
    }

    /** What the server says that the base still takes, if it does. */
    @Override
    public Room room() throws StoreException {
        OptionalLong left = dav.quota("the store's base", places.ofCollection(""));
        return left.isPresent() ? Room.free(left.getAsLong()) : Room.UNKNOWN;
    }

    @Override
    public ObjectDetails details(ObjectPath path) throws StoreException {
        return details(path, look(path));
    }

    @Override
    public ObjectReader open(ObjectPath path) throws StoreException {
        DavEntry entry = look(path);
        return new WebDavReader(this, dav, places.of(path), details(path, entry), entry.isCoarse());
    }

    @Override
    public StagedObject stage(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        requirePath(info.path());
        requireMetadata(info.path(), metadata);
        refuseHidden(info.path());
        if (info.path().isDirectory()) {
            return new StagedCollection(info);
        }
        Spool spool = Spool.of(info.path(), options.spool(), info.size());
        try {
            StagedUpload staged = StagedUpload.start(info, dav, staging, spool, open::remove);
            open.add(staged);
            return staged;
        } catch (StoreException | RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    @Override
    public List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode) {
        var outcomes = new ArrayList<PublishOutcome>(group.size());
        try {
            for (StagedObject staged : group) {
                outcomes.add(new PublishOutcome(staged.info(), publish(staged, mode, null)));
            }
        } finally {
            group.forEach(StagedObject::close);
        }
        return outcomes;
    }

    @Override
    public PublishOutcome replace(StagedObject staged, String etag) {
        try (staged) {
            return new PublishOutcome(staged.info(), publish(staged, PublishMode.REPLACE, etag));
        }
    }

    @Override
    public void delete(ObjectPath path) throws StoreException {
        remove(path, null);
    }

    @Override
    public void delete(ObjectPath path, String etag) throws StoreException {
        remove(path, etag);
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(StagedObject::close);
        staging.close();
        dav.close();
    }

    private void check() throws StoreException {
        DavEntry root = dav.look("the store's root", options.base());
        if (root == null || !root.collection()) {
            throw new StoreException(StoreError.NOT_FOUND, "the store's root: is no collection of the server");
        }
        Dav.Allowed allowed = dav.options(options.base());
        String methods = allowed.methods().toUpperCase(Locale.ROOT);
        if (!allowed.dav()) {
            throw new StoreException(StoreError.IO_ERROR, "the store's root: the server does not speak WebDAV");
        }
        // Some say of a collection only what can be done to it, and nothing of what can be put into it.
        List<String> missing = NEEDED.stream()
                .filter(method -> methods.contains("PUT") && !methods.contains(method))
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw new StoreException(StoreError.IO_ERROR, "the store's root: the server does not allow " + missing);
        }
    }

    private @Nullable StoreException publish(StagedObject staged, PublishMode mode, @Nullable String etag) {
        ObjectPath path = staged.info().path();
        try {
            if (staged instanceof StagedUpload upload && upload.isOf(dav)) {
                upload.requireComplete();
            } else if (!(staged instanceof StagedCollection)) {
                throw new StoreException(StoreError.IO_ERROR, path + ": was staged in another store");
            }
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                if (isPublished(staged, mode, etag, attempt == ATTEMPTS)) {
                    return null;
                }
            }
            return new StoreException(StoreError.UNAVAILABLE, path + ": others change it all the time");
        } catch (StoreException e) {
            return e;
        } catch (RuntimeException e) {
            return new StoreException(StoreError.IO_ERROR, path + ": not published", e);
        }
    }

    /**
     * Whether it is in its place now; not if somebody has put something there that it is to be told apart from. That takes as
     * long as another upload, so nobody waits for it, except, the last time, those who want the same object.
     */
    private boolean isPublished(StagedObject staged, PublishMode mode, @Nullable String etag, boolean isLast)
            throws StoreException {
        ObjectPath path = staged.info().path();
        if (!isLast) {
            placement.tellApart(staged, mode);
        }
        KeyedLocks.Held object = LOCKS.alone(path.toString());
        try {
            if (isLast) {
                placement.tellApart(staged, mode);
            }
            return isPlaced(staged, mode, etag);
        } finally {
            object.letGo();
        }
    }

    private boolean isPlaced(StagedObject staged, PublishMode mode, @Nullable String etag) throws StoreException {
        KeyedLocks.Held tree = removal.none(staged.info().path());
        try {
            return placement.isPlaced(staged, mode, etag);
        } finally {
            tree.letGo();
        }
    }

    private void remove(ObjectPath path, @Nullable String etag) throws StoreException {
        KeyedLocks.Held object = LOCKS.alone(path.toString());
        try {
            DavEntry entry = look(path);
            if (etag != null) {
                Placement.requireEtag(path, entry, etag);
            }
            removal.remove(path);
        } finally {
            object.letGo();
        }
        removal.removeLeftEmpty(path);
    }

    /** What is at a path, if it is an object. */
    private DavEntry look(ObjectPath path) throws StoreException {
        refuseReserved(path, StoreError.NOT_FOUND);
        DavEntry entry = dav.look(path, places.of(path));
        if (entry == null || entry.collection() != path.isDirectory()) {
            throw Removal.notFound(path);
        }
        if (path.isDirectory() && !Boolean.TRUE.equals(collections.isEmpty(path, Collections.keyOf(path)))) {
            throw new StoreException(StoreError.NOT_FOUND, path + ": is not empty, so it is no object");
        }
        return entry;
    }

    private static ObjectDetails details(ObjectPath path, DavEntry entry) {
        return new ObjectDetails(
                new ObjectInfo(path, entry.size(), entry.modified()), entry.etag(), ObjectMetadata.EMPTY);
    }

    private void refuseHidden(ObjectPath path) throws StoreException {
        boolean dotName = ("/" + path).contains("/.");
        if (dotName && staging.hidesDotNames(path)) {
            throw new StoreException(
                    StoreError.UNSUPPORTED_PATH, path + ": the server does not list names that begin with a dot");
        }
    }

    private static void refuseReserved(ObjectPath path, StoreError error) throws StoreException {
        String text = path.toString();
        if (text.equals(Staging.NAME) || text.startsWith(Staging.NAME + "/")) {
            throw new StoreException(error, path + ": this name is the store's own");
        }
    }
}
