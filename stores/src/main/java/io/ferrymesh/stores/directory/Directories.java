package io.ferrymesh.stores.directory;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The directories below one root, opened part by part, each relative to the one before and none through a symbolic link.
 * The most recently used stay open; one is used again only while its path still leads to it. Safe for concurrent use.
 */
final class Directories implements AutoCloseable {

    /** Two file descriptors each. */
    private static final int KEPT_OPEN = 64;

    private final Path root;
    private final Map<String, Directory> recent = new LinkedHashMap<>(16, 0.75f, true); // guarded by this
    private boolean closed; // guarded by this

    Directories(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /**
     * Opens the directory {@code key}, {@code a/b}, or the root for the empty string.
     *
     * @throws NoSuchFileException when it is not there
     * @throws java.nio.file.NotDirectoryException when a part of it is a file or a symbolic link
     */
    Directory open(String key) throws IOException {
        Directory known = known(key);
        if (known != null) {
            return known;
        }
        if (key.isEmpty()) {
            return keep(Directory.openRoot(this, root));
        }
        try (Directory parent = open(parentOf(key))) {
            return keep(parent.openChild(nameOf(key)));
        }
    }

    /** Opens the directory {@code key} and creates what is missing of it, telling the key of each one created. */
    Directory openOrCreate(String key, Consumer<String> created) throws IOException {
        try {
            return open(key);
        } catch (NoSuchFileException e) {
            if (key.isEmpty()) {
                throw e;
            }
        }
        try (Directory parent = openOrCreate(parentOf(key), created)) {
            try {
                Files.createDirectory(parent.path().resolve(FileNames.of(nameOf(key))));
                created.accept(key);
            } catch (FileAlreadyExistsException e) {
                // another thread or process made it, or it is no directory, which opening it tells
            }
            return keep(parent.openChild(nameOf(key)));
        }
    }

    void release(Directory directory) {
        boolean last;
        synchronized (this) {
            last = --directory.holders == 0;
        }
        if (last) {
            directory.closeForGood();
        }
    }

    @Override
    public void close() {
        List<Directory> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(recent.values());
            recent.clear();
        }
        all.forEach(this::release);
    }

    /** The directory a path or key lies in: everything before the last slash, a trailing one not counted. */
    static String parentOf(String key) {
        return key.substring(0, Math.max(0, key.lastIndexOf('/')));
    }

    static String nameOf(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private @Nullable Directory known(String key) {
        Directory directory;
        synchronized (this) {
            directory = recent.get(key);
            if (directory == null) {
                return null;
            }
            directory.holders++;
        }
        if (directory.isCurrent()) {
            return directory;
        }
        forget(directory);
        release(directory);
        return null;
    }

    private void forget(Directory directory) {
        boolean kept;
        synchronized (this) {
            kept = recent.remove(directory.key(), directory);
        }
        if (kept) {
            release(directory);
        }
    }

    /** Takes a newly opened directory into the cache; the caller holds it too. */
    private Directory keep(Directory directory) {
        var dropped = new ArrayList<Directory>();
        synchronized (this) {
            if (closed) {
                return directory;
            }
            directory.holders++;
            Directory before = recent.put(directory.key(), directory);
            if (before != null) {
                dropped.add(before);
            }
            if (recent.size() > KEPT_OPEN) {
                var oldest = recent.values().iterator();
                dropped.add(oldest.next());
                oldest.remove();
            }
        }
        dropped.forEach(this::release);
        return directory;
    }
}
