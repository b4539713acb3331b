package io.ferrymesh.stores.directory;

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
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A store over a directory of plain files. No path leads out of it, not even through a symbolic link that somebody puts in;
 * the root itself may be one. Objects that are written are complete, durable and dated before they can be seen. See
 * docs/stores.md for what is skipped, what is kept and what the limits are.
 */
public final class DirectoryStore implements ObjectStore {

    /** How long what was kept for later stays when nobody touches it. */
    static final Duration KEPT_FOR = Duration.ofDays(14);

    /** What Linux takes in one path, less the NUL at its end. */
    private static final int MAX_FULL_PATH_BYTES = 4_095;

    private final DirectoryStoreOptions options;
    private final Directories directories;
    private final Lookup lookup;
    private final Removal removal;
    private final StagingArea staging;
    private final KeptFiles kept;
    private final Publication.Shared publishing;
    private final int rootBytes;
    private final Set<StagedFile> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong names = new AtomicLong();

    private DirectoryStore(Path root, DirectoryStoreOptions options) {
        this.options = options;
        this.directories = new Directories(root);
        this.lookup = new Lookup(directories);
        this.staging = new StagingArea(directories);
        this.kept = new KeptFiles(directories, staging);
        var claims = new Claims(directories, staging);
        this.removal = new Removal(directories, lookup, claims);
        this.publishing =
                new Publication.Shared(directories, lookup, claims, new FileSystemSync(root), options.groupSyncFrom());
        this.rootBytes = bytes(root);
    }

    /** Opens the store with {@link DirectoryStoreOptions#DEFAULT}. */
    public static DirectoryStore open(Path root) throws StoreException {
        return open(root, DirectoryStoreOptions.DEFAULT);
    }

    /**
     * Opens the store over an existing directory and removes what processes that died have left in staging. Fails with
     * NOT_FOUND, NOT_READABLE, or IO_ERROR where the system cannot open files relative to a directory.
     */
    public static DirectoryStore open(Path root, DirectoryStoreOptions options) throws StoreException {
        if (!root.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException("the root must be on the default file system");
        }
        try {
            var store = new DirectoryStore(root.toRealPath(), options);
            store.directories.open("").close();
            store.removeLeftovers();
            return store;
        } catch (IOException e) {
            throw Failures.reading("the store's root", e);
        } catch (UnsupportedOperationException e) {
            throw new StoreException(StoreError.IO_ERROR, "the store's root: " + e.getMessage(), e);
        }
    }

    @Override
    public ObjectListing list(String prefix, Optional<ObjectPath> after) {
        return new DirectoryListing(directories, prefix, after.orElse(null), options.listingEntries());
    }

    @Override
    public void requirePath(ObjectPath path) throws StoreException {
        Lookup.refuseReserved(path, StoreError.UNSUPPORTED_PATH);
        if (rootBytes + 1 + path.length() > MAX_FULL_PATH_BYTES) {
            throw new StoreException(StoreError.UNSUPPORTED_PATH, path + ": too long for this store");
        }
    }

    @Override
    public void requireMetadata(ObjectPath path, ObjectMetadata metadata) throws StoreException {
        if (path.isDirectory() && !metadata.isEmpty()) {
            throw new StoreException(StoreError.UNSUPPORTED_METADATA, path + ": an empty directory has no metadata");
        }
    }

    /** What the file system lets this process write. */
    @Override
    public Room room() throws StoreException {
        try (Directory root = directories.open("")) {
            return Room.free(Files.getFileStore(root.path()).getUsableSpace());
        } catch (IOException e) {
            throw Failures.reading("the store's root", e);
        }
    }

    @Override
    public boolean isLocal() {
        return true;
    }

    @Override
    public ObjectInfo head(ObjectPath path) throws StoreException {
        return lookup.head(path);
    }

    @Override
    public ObjectDetails details(ObjectPath path) throws StoreException {
        return lookup.details(path);
    }

    @Override
    public ObjectReader open(ObjectPath path) throws StoreException {
        return lookup.open(path);
    }

    @Override
    public StagedObject stage(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        requirePath(info.path());
        if (info.path().isDirectory()) {
            return StagedDirectory.of(info, metadata);
        }
        try {
            Directory area = staging.enter();
            try {
                Path name = Path.of(Long.toHexString(names.incrementAndGet()));
                var staged = StagedFile.create(info, metadata, new StagingFile(area, name), null, this::closed);
                open.add(staged);
                return staged;
            } catch (IOException | StoreException | RuntimeException e) {
                staging.leave();
                throw e;
            }
        } catch (IOException e) {
            throw Failures.writing(info.path(), e);
        }
    }

    @Override
    public StagedObject stageDurably(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        if (info.path().isDirectory()) {
            return stage(info, metadata);
        }
        requirePath(info.path());
        try {
            return opened(kept.create(info, metadata, open::remove));
        } catch (IOException e) {
            throw Failures.writing(info.path(), e);
        }
    }

    @Override
    public StagedObject resume(ObjectInfo info, ObjectMetadata metadata, String token) throws StoreException {
        return opened(kept.resume(info, metadata, token, open::remove));
    }

    @Override
    public void discard(ObjectPath path, String token) throws StoreException {
        kept.discard(path, token);
    }

    @Override
    public List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode) {
        return new Publication(publishing, group, mode, null).run();
    }

    @Override
    public PublishOutcome replace(StagedObject staged, String etag) {
        return new Publication(publishing, List.of(staged), PublishMode.REPLACE, etag)
                .run()
                .get(0);
    }

    @Override
    public void delete(ObjectPath path) throws StoreException {
        removal.remove(path, null);
    }

    @Override
    public void delete(ObjectPath path, String etag) throws StoreException {
        removal.remove(path, etag);
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(StagedObject::detach);
        removeLeftovers();
        directories.close();
    }

    /** Removes what is kept and has not been touched since. */
    void removeKept(Instant untouchedSince) {
        kept.removeUntouchedSince(untouchedSince);
    }

    private void removeLeftovers() {
        staging.removeLeftovers();
        removeKept(Instant.now().minus(KEPT_FOR));
    }

    private StagedFile opened(StagedFile file) {
        open.add(file);
        return file;
    }

    private static int bytes(Path absolute) {
        int bytes = 0;
        for (Path part : absolute) {
            bytes += 1 + FileNames.bytes(part).length;
        }
        return bytes;
    }

    private void closed(StagedFile file) {
        open.remove(file);
        staging.leave();
    }
}
