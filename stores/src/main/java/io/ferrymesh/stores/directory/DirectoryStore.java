package io.ferrymesh.stores.directory;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A store over a directory of plain files. No path leads out of it, not even through a symbolic link that somebody puts in;
 * the root itself may be one. Objects that are written are complete, durable and dated before they can be seen. See
 * docs/stores.md for what is skipped, what is kept and what the limits are.
 */
public final class DirectoryStore implements ObjectStore {

    /** What Linux takes in one path, less the NUL at its end. */
    private static final int MAX_FULL_PATH_BYTES = 4_095;

    private static final int OPEN_ATTEMPTS = 100;

    private final DirectoryStoreOptions options;
    private final Directories directories;
    private final StagingArea staging;
    private final Publication.Shared publishing;
    private final int rootBytes;
    private final Set<StagedFile> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong names = new AtomicLong();

    private DirectoryStore(Path root, DirectoryStoreOptions options) {
        this.options = options;
        this.directories = new Directories(root);
        this.staging = new StagingArea(directories);
        this.publishing = new Publication.Shared(directories, new FileSystemSync(root), options.groupSyncFrom());
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
            store.staging.removeLeftovers();
            return store;
        } catch (IOException e) {
            throw Failures.reading("the store's root", e);
        } catch (UnsupportedOperationException e) {
            throw new StoreException(StoreError.IO_ERROR, "the store's root: " + e.getMessage(), e);
        }
    }

    @Override
    public ObjectListing list(String prefix) {
        return new DirectoryListing(directories, prefix, options.listingEntries());
    }

    @Override
    public ObjectInfo head(ObjectPath path) throws StoreException {
        refuseReserved(path, StoreError.NOT_FOUND);
        String text = path.toString();
        try {
            if (path.isDirectory()) {
                return emptyDirectory(path, text.substring(0, text.length() - 1));
            }
            try (Directory parent = directories.open(Directories.parentOf(text))) {
                return file(path, parent.attributes(FileNames.of(Directories.nameOf(text))));
            }
        } catch (IOException e) {
            throw Failures.reading(path, e);
        }
    }

    @Override
    public ObjectReader open(ObjectPath path) throws StoreException {
        if (path.isDirectory()) {
            return new DirectoryReader(this, head(path), null);
        }
        refuseReserved(path, StoreError.NOT_FOUND);
        String text = path.toString();
        try (Directory parent = directories.open(Directories.parentOf(text))) {
            Path name = FileNames.of(Directories.nameOf(text));
            return reader(path, parent, name);
        } catch (IOException e) {
            throw Failures.reading(path, e);
        }
    }

    @Override
    public StagedObject stage(ObjectInfo info) throws StoreException {
        ObjectPath path = info.path();
        refuseReserved(path, StoreError.UNSUPPORTED_PATH);
        if (rootBytes + 1 + path.length() > MAX_FULL_PATH_BYTES) {
            throw new StoreException(StoreError.UNSUPPORTED_PATH, path + ": too long for this store");
        }
        if (path.isDirectory()) {
            return new StagedDirectory(info);
        }
        try {
            Directory area = staging.enter();
            try {
                var staged =
                        StagedFile.create(info, area, Path.of(Long.toHexString(names.incrementAndGet())), this::closed);
                open.add(staged);
                return staged;
            } catch (IOException | RuntimeException e) {
                staging.leave();
                throw e;
            }
        } catch (IOException e) {
            throw Failures.writing(path, e);
        }
    }

    @Override
    public List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode) {
        return new Publication(publishing, group, mode).run();
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(StagedObject::close);
        staging.removeLeftovers();
        directories.close();
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

    /** Opens a file and knows its size and time for certain, even while others replace it. */
    private ObjectReader reader(ObjectPath path, Directory parent, Path name) throws IOException, StoreException {
        BasicFileAttributes before = parent.attributes(name);
        for (int attempt = 0; attempt < OPEN_ATTEMPTS; attempt++) {
            ObjectInfo info = file(path, before); // and no pipe, which opening would wait for
            FileChannel channel = openForReading(path, parent, name);
            BasicFileAttributes after = attributesOrClose(parent, name, channel);
            if (isSame(before, after)) {
                return new DirectoryReader(this, info, channel);
            }
            channel.close();
            before = after;
        }
        throw new StoreException(StoreError.IO_ERROR, path + ": is being changed all the time");
    }

    private static boolean isSame(BasicFileAttributes one, BasicFileAttributes other) {
        return Objects.equals(one.fileKey(), other.fileKey())
                && one.size() == other.size()
                && one.lastModifiedTime().equals(other.lastModifiedTime());
    }

    private static BasicFileAttributes attributesOrClose(Directory parent, Path name, FileChannel channel)
            throws IOException {
        try {
            return parent.attributes(name);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static ObjectInfo file(ObjectPath path, BasicFileAttributes attributes) throws StoreException {
        if (!attributes.isRegularFile()) {
            throw new StoreException(StoreError.NOT_FOUND, path + ": is no file");
        }
        return new ObjectInfo(
                path, attributes.size(), attributes.lastModifiedTime().toInstant());
    }

    private ObjectInfo emptyDirectory(ObjectPath path, String key) throws IOException, StoreException {
        try (Directory directory = directories.open(key);
                DirectoryStream<Path> members = directory.scan()) {
            if (members.iterator().hasNext()) {
                throw new StoreException(StoreError.NOT_FOUND, path + ": is not empty, so it is no object");
            }
            return new ObjectInfo(
                    path, 0, directory.attributes().lastModifiedTime().toInstant());
        }
    }

    private static FileChannel openForReading(ObjectPath path, Directory parent, Path name) throws StoreException {
        try {
            return parent.openFile(name, StandardOpenOption.READ);
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw Failures.reading(path, e);
        } catch (IOException e) {
            throw Failures.tooManyOpenFiles(e)
                    ? Failures.reading(path, e)
                    : Failures.as(StoreError.NOT_READABLE, path, e);
        }
    }

    private static void refuseReserved(ObjectPath path, StoreError error) throws StoreException {
        String text = path.toString();
        if (text.equals(StagingArea.NAME) || text.startsWith(StagingArea.NAME + "/")) {
            throw new StoreException(error, path + ": this name is the store's own");
        }
    }
}
