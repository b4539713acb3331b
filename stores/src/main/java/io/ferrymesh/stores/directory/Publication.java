package io.ferrymesh.stores.directory;

import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** One group on its way: contents durable, then visible, then names durable. An object that fails drops out. */
final class Publication {

    private static final int ATTEMPTS = 100;

    /** What the publications of one store have in common. */
    static final class Shared {
        private final Directories directories;
        private final Lookup lookup;
        private final Claims claims;
        private final FileSystemSync fileSystem;
        private final int groupSyncFrom;

        /** Directories that were made and whose own names may not be durable yet, whoever needs them first. */
        private final Set<String> madeNotDurable = ConcurrentHashMap.newKeySet();

        /** Held where a file can only be moved after looking that nothing is there. */
        private final Object lookThenMove = new Object();

        Shared(Directories directories, Lookup lookup, Claims claims, FileSystemSync fileSystem, int groupSyncFrom) {
            this.directories = directories;
            this.lookup = lookup;
            this.claims = claims;
            this.fileSystem = fileSystem;
            this.groupSyncFrom = groupSyncFrom;
        }
    }

    private final Shared shared;
    private final List<StagedObject> group;
    private final PublishMode mode;
    private final @Nullable String etag;
    private final @Nullable StoreException[] errors;
    private final Set<String> touched = new HashSet<>();
    private final Set<String> madeOnTheWay = new HashSet<>();

    /**
     * A group to publish.
     *
     * @param etag what must be there before, null for whatever the mode says
     */
    Publication(Shared shared, List<StagedObject> group, PublishMode mode, @Nullable String etag) {
        this.shared = shared;
        this.group = List.copyOf(group);
        this.mode = mode;
        this.etag = etag;
        this.errors = new StoreException[group.size()];
    }

    List<PublishOutcome> run() {
        try {
            forEach(this::requireComplete);
            makeContentsDurable();
            forEach(this::makeVisible);
            makeNamesDurable();
        } finally {
            group.forEach(StagedObject::close);
        }
        var outcomes = new ArrayList<PublishOutcome>(errors.length);
        for (int i = 0; i < errors.length; i++) {
            outcomes.add(new PublishOutcome(group.get(i).info(), errors[i]));
        }
        return outcomes;
    }

    private void requireComplete(StagedObject object) throws StoreException {
        if (object instanceof StagedFile file && file.isOf(shared.directories)) {
            file.requireComplete();
        } else if (!(object instanceof StagedDirectory)) {
            throw new StoreException(StoreError.IO_ERROR, object.info().path() + ": was staged in another store");
        }
    }

    private void makeContentsDurable() {
        int files = 0;
        for (int i = 0; i < errors.length; i++) {
            files += errors[i] == null && group.get(i) instanceof StagedFile ? 1 : 0;
        }
        if (files >= shared.groupSyncFrom && shared.fileSystem.sync()) {
            return;
        }
        forEachAtOnce(object -> {
            if (object instanceof StagedFile file) {
                file.sync();
            }
        });
    }

    private void makeVisible(StagedObject object) throws IOException, StoreException {
        ObjectPath path = object.info().path();
        Lock lock = etag == null ? Claims.LOCKS.forOneStep(path) : Claims.LOCKS.forLookAndChange(path);
        lock.lock();
        try (Claims.Claim claim = etag == null ? Claims.Claim.NONE : shared.claims.take(path)) {
            assert claim != null;
            if (etag != null) {
                shared.lookup.requireEtag(path, etag);
            }
            makeVisible(object, path);
        } catch (FileAlreadyExistsException e) {
            throw new StoreException(StoreError.EXISTS, path + ": exists", e);
        } catch (NotDirectoryException e) {
            throw new StoreException(StoreError.EXISTS, path + ": " + e.getFile() + " is there and no directory", e);
        } finally {
            lock.unlock();
        }
    }

    /** Tries again when somebody who deleted an object there took the directory away, as it was empty for a moment. */
    private void makeVisible(StagedObject object, ObjectPath path) throws IOException, StoreException {
        for (int attempt = 1; ; attempt++) {
            try {
                if (object instanceof StagedFile file) {
                    placeFile(file, path);
                } else {
                    makeDirectory(object, path.toString());
                }
                return;
            } catch (NoSuchFileException | StagingFile.ParentMovedException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void placeFile(StagedFile file, ObjectPath path) throws IOException, StoreException {
        String parentKey = Directories.parentOf(path.toString());
        Path name = FileNames.of(Directories.nameOf(path.toString()));
        try (Directory parent = shared.directories.openOrCreate(parentKey, shared.madeNotDurable::add)) {
            if (mode == PublishMode.REPLACE) {
                replace(file, parent, name);
            } else {
                create(file, parent, name);
            }
        }
        touch(parentKey);
    }

    private static void replace(StagedFile file, Directory parent, Path name) throws IOException, StoreException {
        try {
            file.moveTo(parent, name);
        } catch (IOException e) {
            if (isDirectory(parent, name)) {
                throw new StoreException(StoreError.EXISTS, file.info().path() + ": a directory is there", e);
            }
            throw e;
        }
    }

    private void create(StagedFile file, Directory parent, Path name) throws IOException {
        try {
            file.linkTo(parent, name);
        } catch (FileAlreadyExistsException | NoSuchFileException | StagingFile.ParentMovedException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException e) {
            createWithoutLink(file, parent, name);
        }
    }

    /** For file systems without hard links. Atomic against this store only, not against other programs. */
    private void createWithoutLink(StagedFile file, Directory parent, Path name) throws IOException {
        synchronized (shared.lookThenMove) {
            if (isThere(parent, name)) {
                throw new FileAlreadyExistsException(name.toString());
            }
            file.moveTo(parent, name);
        }
    }

    private void makeDirectory(StagedObject object, String path) throws IOException {
        String key = path.substring(0, path.length() - 1);
        var made = new ArrayList<String>();
        try (Directory directory = shared.directories.openOrCreate(key, each -> {
            shared.madeNotDurable.add(each);
            made.add(each);
        })) {
            if (made.contains(key)) {
                directory.setModified(FileTimes.settable(object.info().modified()));
            }
        }
        touch(key);
    }

    /** Notes that the members of {@code key} changed, and that it and what it lies in may be new themselves. */
    private void touch(String key) {
        touched.add(key);
        for (String each = key;
                !each.isEmpty() && !shared.madeNotDurable.isEmpty();
                each = Directories.parentOf(each)) {
            if (shared.madeNotDurable.contains(each) && madeOnTheWay.add(each)) {
                touched.add(Directories.parentOf(each));
            }
        }
    }

    private void makeNamesDurable() {
        if (touched.size() >= shared.groupSyncFrom && shared.fileSystem.sync()) {
            shared.madeNotDurable.removeAll(madeOnTheWay);
            return;
        }
        for (String key : touched) {
            try (Directory directory = shared.directories.open(key)) {
                directory.sync();
                madeOnTheWay.stream()
                        .filter(made -> Directories.parentOf(made).equals(key))
                        .forEach(shared.madeNotDurable::remove);
            } catch (NoSuchFileException e) {
                // somebody deleted our objects there already, and with the last one the directory
            } catch (IOException e) {
                failBelow(key, e);
            }
        }
    }

    private void failBelow(String key, IOException cause) {
        String below = key.isEmpty() ? "" : key + "/";
        forEach(object -> {
            if (object.info().path().toString().startsWith(below)) {
                throw Failures.writing(object.info().path() + ": visible but perhaps not durable", cause);
            }
        });
    }

    private void forEach(Step step) {
        for (int i = 0; i < errors.length; i++) {
            errors[i] = errorOf(i, step);
        }
    }

    /** The same, a few at a time. */
    private void forEachAtOnce(Step step) {
        if (errors.length == 1) {
            forEach(step);
            return;
        }
        var all = new CompletableFuture<?>[errors.length];
        for (int i = 0; i < errors.length; i++) {
            int which = i;
            all[i] = CompletableFuture.runAsync(() -> errors[which] = errorOf(which, step), SyncThreads::execute);
        }
        CompletableFuture.allOf(all).join();
    }

    /** What is wrong with one: what was before, or what comes of a step. */
    private @Nullable StoreException errorOf(int which, Step step) {
        if (errors[which] != null) {
            return errors[which];
        }
        StagedObject object = group.get(which);
        try {
            step.run(object);
            return null;
        } catch (StoreException e) {
            return e;
        } catch (IOException e) {
            return Failures.writing(object.info().path(), e);
        } catch (RuntimeException e) {
            return new StoreException(StoreError.IO_ERROR, object.info().path() + ": not published", e);
        }
    }

    private static boolean isDirectory(Directory parent, Path name) {
        try {
            return parent.attributes(name).isDirectory();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isThere(Directory parent, Path name) throws IOException {
        try {
            return parent.attributes(name).fileKey() != null;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private interface Step {
        void run(StagedObject object) throws IOException, StoreException;
    }
}
