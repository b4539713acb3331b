package io.ferrymesh.stores.directory;

import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Takes objects away, with the directories that are empty without them. Somebody else who is about to put an object into
 * such a directory finds it gone and makes it again, see {@link Publication}.
 */
final class Removal {

    private final Directories directories;
    private final Lookup lookup;
    private final Claims claims;

    Removal(Directories directories, Lookup lookup, Claims claims) {
        this.directories = directories;
        this.lookup = lookup;
        this.claims = claims;
    }

    /** Removes an object durably; only if it has {@code etag}, where one is given. */
    void remove(ObjectPath path, @Nullable String etag) throws StoreException {
        Lookup.refuseReserved(path, StoreError.NOT_FOUND);
        Lock lock = etag == null ? Claims.LOCKS.forOneStep(path) : Claims.LOCKS.forLookAndChange(path);
        lock.lock();
        try (Claims.Claim claim = etag == null ? Claims.Claim.NONE : claims.take(path)) {
            assert claim != null;
            if (etag != null) {
                lookup.requireEtag(path, etag);
            }
            removeOne(path);
        } catch (IOException e) {
            throw Failures.writing(path, e);
        } finally {
            lock.unlock();
        }
        try {
            syncWhatIsLeft(removeEmptyAbove(path));
        } catch (IOException e) {
            throw Failures.writing(path + ": removed but perhaps not durably", e);
        }
    }

    private void removeOne(ObjectPath path) throws StoreException {
        String text = path.isDirectory() ? Lookup.keyOf(path) : path.toString();
        try (Directory parent = directories.open(Directories.parentOf(text))) {
            Path name = FileNames.of(Directories.nameOf(text));
            BasicFileAttributes there = parent.attributes(name);
            if (path.isDirectory() && there.isDirectory()) {
                parent.deleteDirectory(name);
            } else if (!path.isDirectory() && there.isRegularFile()) {
                parent.delete(name);
            } else {
                throw new StoreException(StoreError.NOT_FOUND, path + ": is no such object");
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new StoreException(StoreError.NOT_FOUND, path + ": not found", e);
        } catch (IOException e) {
            if (isNotEmpty(e)) {
                throw new StoreException(StoreError.NOT_FOUND, path + ": is not empty, so it is no object", e);
            }
            throw Failures.writing(path, e);
        }
    }

    /** Removes what is empty above an object that is gone, and gives the key of the first directory that stays. */
    private String removeEmptyAbove(ObjectPath path) {
        String key = Directories.parentOf(path.isDirectory() ? Lookup.keyOf(path) : path.toString());
        while (!key.isEmpty()) {
            try (Directory parent = directories.open(Directories.parentOf(key))) {
                parent.deleteDirectory(FileNames.of(Directories.nameOf(key)));
            } catch (NoSuchFileException e) {
                // somebody else who deletes came first
            } catch (IOException e) {
                return key; // not empty, or not ours to remove
            }
            key = Directories.parentOf(key);
        }
        return key;
    }

    private void syncWhatIsLeft(String key) throws IOException {
        String left = key;
        while (true) {
            try (Directory directory = directories.open(left)) {
                directory.sync();
                return;
            } catch (NoSuchFileException e) {
                if (left.isEmpty()) {
                    throw e;
                }
                left = Directories.parentOf(left);
            }
        }
    }

    private static boolean isNotEmpty(IOException e) {
        return e instanceof DirectoryNotEmptyException
                || (e instanceof FileSystemException named && "Directory not empty".equals(named.getReason()));
    }
}
