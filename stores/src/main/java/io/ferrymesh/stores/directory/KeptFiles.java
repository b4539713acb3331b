package io.ferrymesh.stores.directory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.writing.WrittenRanges;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Objects that outlive the process that stages them: {@code <root>/.ferrymesh-staging/kept/<32 hex>/<8 hex>.data} and
 * {@code .record} beside it. The directory's name is the token's number, the files' counts who took it up: whoever does gives both
 * files new names, so that one in another process, which may still believe that it has the object, finds no file to write to or
 * publish. What one costs does not grow with how many there are. Safe for concurrent use.
 */
final class KeptFiles {

    /** The directory below the root. */
    static final String KEY = StagingArea.NAME + "/kept";

    private static final Pattern TOKEN = Pattern.compile("d1\\.([0-9a-f]{32})");
    private static final int ID_BYTES = 16;
    private static final int ATTEMPTS = 100;
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    /** Who has what in this process, by id. */
    private static final Map<String, StagedFile> LIVE = new ConcurrentHashMap<>();

    /** Held by whoever takes one up or away, by the first octet of its id. */
    private static final List<Object> LOCKS =
            Stream.generate(Object::new).limit(256).toList();

    private final Directories directories;
    private final StagingArea staging;

    KeptFiles(Directories directories, StagingArea staging) {
        this.directories = directories;
        this.staging = staging;
    }

    /** Starts one; {@code onClose} hears when it is gone or let go of. */
    StagedFile create(ObjectInfo info, ObjectMetadata metadata, Consumer<StagedFile> onClose)
            throws IOException, StoreException {
        byte[] random = new byte[ID_BYTES];
        RANDOM.nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        for (int attempt = 1; ; attempt++) {
            try {
                StagingArea.createPrivate(directories.root().resolve(StagingArea.NAME));
                StagingArea.createPrivate(directories.root().resolve(KEY));
                StagingArea.createPrivate(directories.root().resolve(keyOf(id)));
                return create(id, info, metadata, onClose);
            } catch (NoSuchFileException e) {
                if (attempt == ATTEMPTS) { // somebody keeps cleaning up
                    throw e;
                }
            }
        }
    }

    /** Takes one up. Fails with NOT_FOUND when there is none, or it is of something else. */
    StagedFile resume(ObjectInfo info, ObjectMetadata metadata, String token, Consumer<StagedFile> onClose)
            throws StoreException {
        Matcher matcher = TOKEN.matcher(token);
        if (!matcher.matches()) {
            throw notKept(info.path(), null);
        }
        String id = matcher.group(1);
        synchronized (lockOf(id)) {
            for (int attempt = 1; ; attempt++) {
                try {
                    return resume(id, info, metadata, onClose);
                } catch (AnotherWasFasterException e) {
                    if (attempt == ATTEMPTS) {
                        throw Failures.writing(info.path(), e);
                    }
                } catch (NoSuchFileException e) {
                    removeIfEmpty(id);
                    throw notKept(info.path(), e);
                } catch (IOException e) {
                    throw Failures.writing(info.path(), e);
                }
            }
        }
    }

    /** Removes what is kept of an object under a token, whoever has it. */
    void discard(ObjectPath path, String token) throws StoreException {
        Matcher matcher = TOKEN.matcher(token);
        if (!matcher.matches()) {
            return;
        }
        String id = matcher.group(1);
        synchronized (lockOf(id)) {
            try (Directory object = directories.open(keyOf(id))) {
                KeptNames names = KeptNames.find(object);
                if (names.record() >= 0 && !Keepsake.belongsTo(names.recordIn(object), path)) {
                    return;
                }
                StagedFile live = LIVE.get(id);
                if (live != null) {
                    live.detach();
                }
                KeptNames.delete(object);
            } catch (NoSuchFileException e) {
                return; // nothing is kept
            } catch (IOException e) {
                throw Failures.writing(path, e);
            }
        }
        removeIfEmpty(id);
    }

    /** Removes what nobody has touched since, except what this process has open. Does nothing where it may not. */
    void removeUntouchedSince(Instant when) {
        var ids = new ArrayList<String>();
        try (Directory kept = directories.open(KEY);
                DirectoryStream<Path> members = kept.scan()) {
            for (Path member : members) {
                Matcher id = ID.matcher(new String(FileNames.bytes(member), US_ASCII));
                if (id.matches()) {
                    ids.add(id.group());
                }
            }
        } catch (IOException e) {
            return; // none there, or a store that is only read
        }
        ids.forEach(id -> removeUntouchedSince(when, id));
        removeIfEmpty();
    }

    private void removeUntouchedSince(Instant when, String id) {
        synchronized (lockOf(id)) {
            if (LIVE.containsKey(id)) {
                return;
            }
            try (Directory object = directories.open(keyOf(id))) {
                if (KeptNames.find(object).touched(object).isBefore(when)) {
                    KeptNames.delete(object);
                    removeIfEmpty(id);
                }
            } catch (IOException e) {
                return; // somebody else removed it, or a store that is only read
            }
        }
    }

    private StagedFile create(String id, ObjectInfo info, ObjectMetadata metadata, Consumer<StagedFile> onClose)
            throws IOException, StoreException {
        KeptNames first = KeptNames.FIRST;
        Directory object = directories.open(keyOf(id));
        try {
            var keepsake = Keepsake.create(tokenOf(id), first.recordIn(object), info, metadata, () -> syncNames(id));
            try {
                return live(
                        id,
                        StagedFile.create(
                                info,
                                metadata,
                                first.dataIn(object),
                                keepsake,
                                gone -> gone(id, gone, object, onClose)));
            } catch (IOException | StoreException | RuntimeException e) {
                keepsake.delete();
                throw e;
            }
        } catch (IOException | StoreException | RuntimeException e) {
            object.close();
            throw e;
        }
    }

    // holds the lock of the id
    private StagedFile resume(String id, ObjectInfo info, ObjectMetadata metadata, Consumer<StagedFile> onClose)
            throws IOException {
        Directory object = directories.open(keyOf(id));
        try {
            KeptNames names = KeptNames.find(object);
            if (!names.isWhole()) {
                throw new NoSuchFileException(id);
            }
            var keepsake = Keepsake.read(tokenOf(id), names.recordIn(object), info, metadata, () -> syncNames(id));
            refusePublished(names.dataIn(object), object);
            StagedFile before = LIVE.get(id);
            if (before != null) {
                before.detach();
            }
            KeptNames next = names.next();
            move(names.dataIn(object), next.dataIn(object));
            move(names.recordIn(object), next.recordIn(object));
            List<Integer> segments = within(next.dataIn(object), keepsake.safe(), info.size());
            return live(
                    id,
                    StagedFile.resume(
                            info,
                            next.dataIn(object),
                            keepsake.at(next.recordIn(object)),
                            segments,
                            gone -> gone(id, gone, object, onClose)));
        } catch (IOException | RuntimeException e) {
            object.close();
            throw e;
        }
    }

    /** One whose process died while it was published has its place already: to write to it would change what is published. */
    private static void refusePublished(StagingFile data, Directory object) throws IOException {
        Object links = Files.getAttribute(data.path(), "unix:nlink", LinkOption.NOFOLLOW_LINKS);
        if (!Integer.valueOf(1).equals(links)) {
            KeptNames.delete(object);
            throw new NoSuchFileException("another name than the published one");
        }
    }

    /** The segments that the file is long enough for. */
    private static List<Integer> within(StagingFile data, List<Integer> segments, long size) throws IOException {
        long there = data.area().attributes(data.name()).size();
        var ranges = new WrittenRanges(size);
        return segments.stream()
                .filter(segment -> ranges.lengthOf(segment) > 0
                        && segment * WrittenRanges.SEGMENT_BYTES + ranges.lengthOf(segment) <= there)
                .toList();
    }

    private static void move(StagingFile from, StagingFile to) throws IOException {
        try {
            from.moveTo(to.area(), to.name());
        } catch (NoSuchFileException e) {
            throw new AnotherWasFasterException();
        }
    }

    private static StagedFile live(String id, StagedFile file) {
        LIVE.put(id, file);
        return file;
    }

    private void gone(String id, StagedFile file, Directory object, Consumer<StagedFile> onClose) {
        boolean unused = LIVE.remove(id, file);
        object.close();
        removeIfEmpty(id);
        onClose.accept(file);
    }

    private void syncNames(String id) throws IOException {
        for (String key = keyOf(id); ; key = Directories.parentOf(key)) {
            try (Directory directory = directories.open(key)) {
                directory.sync();
            }
            if (key.isEmpty()) {
                return;
            }
        }
    }

    private void removeIfEmpty(String id) {
        try (Directory kept = directories.open(KEY)) {
            kept.deleteDirectory(Path.of(id));
        } catch (IOException e) {
            return; // it is kept, or it is gone
        }
        removeIfEmpty();
    }

    private void removeIfEmpty() {
        try (Directory all = directories.open(StagingArea.NAME)) {
            all.deleteDirectory(Path.of(Directories.nameOf(KEY)));
        } catch (IOException e) {
            return; // something is kept, or it is gone
        }
        staging.removeIfEmpty();
    }

    private static Object lockOf(String id) {
        return LOCKS.get(HexFormat.fromHexDigits(id, 0, 2));
    }

    private static String keyOf(String id) {
        return KEY + "/" + id;
    }

    private static String tokenOf(String id) {
        return "d1." + id;
    }

    private static StoreException notKept(ObjectPath path, @Nullable IOException cause) {
        String message = path + ": nothing is kept of it";
        return cause == null
                ? new StoreException(StoreError.NOT_FOUND, message)
                : new StoreException(StoreError.NOT_FOUND, message, cause);
    }

    /** Another process gave a file a new name between our looking and taking. */
    private static final class AnotherWasFasterException extends IOException {
        AnotherWasFasterException() {
            super("other processes keep taking it up");
        }
    }
}
