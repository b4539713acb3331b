package io.ferrymesh.stores.directory;

import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Finds objects by their paths. Safe for concurrent use. */
final class Lookup {

    private static final int ATTEMPTS = 100;

    private final Directories directories;

    Lookup(Directories directories) {
        this.directories = directories;
    }

    ObjectInfo head(ObjectPath path) throws StoreException {
        refuseReserved(path, StoreError.NOT_FOUND);
        String text = path.toString();
        try {
            if (path.isDirectory()) {
                return emptyDirectory(path, keyOf(path));
            }
            try (Directory parent = directories.open(Directories.parentOf(text))) {
                return file(path, parent.attributes(FileNames.of(Directories.nameOf(text))));
            }
        } catch (IOException e) {
            throw Failures.reading(path, e);
        }
    }

    ObjectDetails details(ObjectPath path) throws StoreException {
        if (path.isDirectory()) {
            return emptyDirectory(path);
        }
        return look(path, false).details();
    }

    ObjectReader open(ObjectPath path) throws StoreException {
        if (path.isDirectory()) {
            return new DirectoryReader(this, emptyDirectory(path), null);
        }
        Look look = look(path, true);
        return new DirectoryReader(this, look.details(), look.channel());
    }

    /** Refuses an object that has another etag. The caller holds the lock for that. */
    void requireEtag(ObjectPath path, String etag) throws StoreException {
        if (!details(path).etag().equals(etag)) {
            throw new StoreException(StoreError.CHANGED, path + ": is another one than the one named");
        }
    }

    /** Refuses the names in the root that the store uses itself. */
    static void refuseReserved(ObjectPath path, StoreError error) throws StoreException {
        String text = path.toString();
        if (text.equals(StagingArea.NAME) || text.startsWith(StagingArea.NAME + "/")) {
            throw new StoreException(error, path + ": this name is the store's own");
        }
    }

    /** The key of the directory that the path of an empty one names. */
    static String keyOf(ObjectPath directory) {
        String text = directory.toString();
        return text.substring(0, text.length() - 1);
    }

    private Look look(ObjectPath path, boolean open) throws StoreException {
        refuseReserved(path, StoreError.NOT_FOUND);
        String text = path.toString();
        try (Directory parent = directories.open(Directories.parentOf(text))) {
            Path name = FileNames.of(Directories.nameOf(text));
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Look look = look(path, parent, name, open);
                if (look != null) {
                    return look;
                }
            }
        } catch (IOException e) {
            throw Failures.reading(path, e);
        }
        throw new StoreException(StoreError.IO_ERROR, path + ": is being changed all the time");
    }

    /** One attempt, null when the file was replaced meanwhile, so that what was opened may not be what was looked at. */
    private static @Nullable Look look(ObjectPath path, Directory parent, Path name, boolean open)
            throws IOException, StoreException {
        BasicFileAttributes before = parent.attributes(name);
        ObjectInfo info = file(path, before); // and no pipe, which opening would wait for
        Path full = parent.path().resolve(name);
        // The time of the last change too: a file that is gone leaves its inode to one that may be as large and as old.
        FileState first = open ? FileState.of(full) : null;
        FileChannel channel = open ? openForReading(path, parent, name) : null;
        boolean found = false;
        try {
            ObjectMetadata metadata = FileMetadata.read(full);
            FileState after = FileState.of(full);
            found = after.isOf(before)
                    && (first == null || first.equals(after))
                    && (channel == null || channel.size() == info.size());
            return found ? new Look(new ObjectDetails(info, after.etag(), metadata), channel) : null;
        } finally {
            if (!found && channel != null) {
                channel.close();
            }
        }
    }

    private static ObjectInfo file(ObjectPath path, BasicFileAttributes attributes) throws StoreException {
        if (!attributes.isRegularFile()) {
            throw new StoreException(StoreError.NOT_FOUND, path + ": is no file");
        }
        return new ObjectInfo(
                path, attributes.size(), attributes.lastModifiedTime().toInstant());
    }

    private ObjectDetails emptyDirectory(ObjectPath path) throws StoreException {
        refuseReserved(path, StoreError.NOT_FOUND);
        String key = keyOf(path);
        try {
            ObjectInfo info = emptyDirectory(path, key);
            try (Directory directory = directories.open(key)) {
                return new ObjectDetails(info, FileState.of(directory.path()).etag(), ObjectMetadata.EMPTY);
            }
        } catch (IOException e) {
            throw Failures.reading(path, e);
        }
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

    private record Look(ObjectDetails details, @Nullable FileChannel channel) {}
}
