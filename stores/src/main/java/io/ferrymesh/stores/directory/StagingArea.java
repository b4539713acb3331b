package io.ferrymesh.stores.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where objects lie until they are published: {@code <root>/.ferrymesh-staging/<16 hex>/}, one such directory for each open
 * store, with a locked {@code <16 hex>.lock} beside it that tells other processes it is alive. The lock is made before the
 * directory and removed after it, so a directory whose lock can be had belongs to nobody. All of it exists only while
 * something is staged. Safe for concurrent use.
 */
final class StagingArea {

    /** Name of the staging directory in the root. */
    static final String NAME = ".ferrymesh-staging";

    /** What the names of {@link Claims} end in. */
    static final String CLAIM = ".claim";

    /** Name in an area of the file that says whose it is. No staged file has it. */
    static final String OWNER = "0";

    /** Characters of an area's id. */
    static final int ID_CHARS = 16;

    private static final Pattern OWNED = Pattern.compile("([0-9a-f]{16})(\\.lock)?");
    private static final Pattern STAGED = Pattern.compile("[0-9a-f]{1,16}");
    private static final int ATTEMPTS = 100;

    /** Areas of this process. Their locks must not even be tried: closing a second channel would release the first's. */
    private static final Set<String> LIVE = ConcurrentHashMap.newKeySet();

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Directories directories;
    private @Nullable Area area; // guarded by this
    private int users; // guarded by this

    StagingArea(Directories directories) {
        this.directories = directories;
    }

    /** The directory to stage in; give it back with {@link #leave}. */
    synchronized Directory enter() throws IOException {
        if (area == null) {
            area = claim();
        }
        users++;
        return area.directory();
    }

    /** Says that one staged file is gone. With the last one the staging directory goes too. */
    synchronized void leave() {
        users--;
        if (users == 0 && area != null) {
            remove(area);
            area = null;
        }
    }

    /** Removes what processes that no longer live have left behind. Does nothing where it may not. */
    void removeLeftovers() {
        var ids = new TreeSet<String>();
        try (Directory staging = directories.open(NAME);
                DirectoryStream<Path> members = staging.scan()) {
            for (Path member : members) {
                var matcher = OWNED.matcher(new String(FileNames.bytes(member), StandardCharsets.UTF_8));
                if (matcher.matches()) {
                    ids.add(matcher.group(1));
                }
            }
            for (String id : ids) {
                removeIfDead(staging, id);
            }
        } catch (IOException | RuntimeException e) {
            return; // none there, or a store that is only read
        }
        removeIfEmpty();
    }

    private Area claim() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            createPrivate(directories.root().resolve(NAME));
            String id = HexFormat.of().toHexDigits(RANDOM.nextLong());
            LIVE.add(id);
            Area claimed = claim(id);
            if (claimed != null) {
                return claimed;
            }
            LIVE.remove(id);
        }
        throw new IOException("the staging directory cannot be had");
    }

    /** One attempt; null when another process that was cleaning up came in between. */
    private @Nullable Area claim(String id) throws IOException {
        Directory staging;
        FileChannel channel;
        try {
            staging = directories.open(NAME);
        } catch (NoSuchFileException e) {
            return null;
        }
        try (staging) {
            try {
                channel = staging.openFile(
                        Path.of(id + ".lock"), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            } catch (NoSuchFileException e) {
                return null;
            }
            try {
                FileLock lock = channel.tryLock();
                if (lock != null && isThere(staging, id + ".lock")) {
                    createPrivate(staging.path().resolve(id));
                    return new Area(id, channel, owned(staging.openChild(id), id));
                }
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            channel.close();
            return null;
        }
    }

    /** Writes into an area whose it is. */
    private static Directory owned(Directory area, String id) throws IOException {
        try (FileChannel owner =
                area.openFile(Path.of(OWNER), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            ByteBuffer bytes = ByteBuffer.wrap(id.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                int unused = owner.write(bytes);
            }
            return area;
        } catch (IOException e) {
            area.close();
            throw e;
        }
    }

    private void remove(Area old) {
        try {
            old.directory().delete(Path.of(OWNER));
        } catch (IOException e) {
            // then the directory is not empty, which is noticed next
        }
        old.directory().closeForGood();
        try (Directory staging = directories.open(NAME)) {
            staging.deleteDirectory(Path.of(old.id()));
            staging.delete(Path.of(old.id() + ".lock"));
        } catch (IOException e) {
            // somebody put something in, or took it away; the next start cleans up
        } finally {
            closeQuietly(old.lock());
            LIVE.remove(old.id());
        }
        removeIfEmpty();
    }

    /** Removes the staging directory unless something is in it. */
    void removeIfEmpty() {
        try (Directory root = directories.open("")) {
            root.deleteDirectory(Path.of(NAME));
        } catch (IOException e) {
            // another process stages here, or it is gone
        }
    }

    /** Removes an area, with all that its owner claimed, if its owner is dead. */
    static void removeIfDead(Directory staging, String id) throws IOException {
        if (LIVE.contains(id) || id.length() != ID_CHARS) {
            return;
        }
        try (FileChannel channel =
                staging.openFile(Path.of(id + ".lock"), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                removeDead(staging, id);
            }
        } catch (OverlappingFileLockException e) {
            // alive, in this very process
        } catch (NoSuchFileException e) {
            // its owner, or another one who found it dead, removed it meanwhile
        }
    }

    private static void removeDead(Directory staging, String id) throws IOException {
        removeClaims(staging, id);
        if (isThere(staging, id)) {
            try (Directory dead = staging.openChild(id);
                    DirectoryStream<Path> files = dead.scan()) {
                for (Path file : files) {
                    Path name = Path.of(new String(FileNames.bytes(file), StandardCharsets.US_ASCII));
                    if (STAGED.matcher(name.toString()).matches()) {
                        dead.delete(name);
                    }
                }
            }
            staging.deleteDirectory(Path.of(id));
        }
        staging.delete(Path.of(id + ".lock"));
    }

    /** Nobody else removes them, as the caller holds the dead owner's lock; and nobody makes new ones in its name. */
    private static void removeClaims(Directory staging, String owner) throws IOException {
        try (DirectoryStream<Path> members = staging.scan()) {
            for (Path member : members) {
                Path name = member.getFileName();
                if (name != null
                        && name.toString().endsWith(CLAIM)
                        && Claims.ownerOf(staging, name).equals(owner)) {
                    staging.delete(name);
                }
            }
        }
    }

    private static boolean isThere(Directory directory, String name) throws IOException {
        try {
            return directory.attributes(Path.of(name)).fileKey() != null;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Makes a directory that is the user's only, unless there is one. */
    static void createPrivate(Path directory) throws IOException {
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!isDirectoryOrGone(directory)) {
                throw e;
            }
        }
    }

    /** By one look: another process may remove it and make it again at any time. */
    private static boolean isDirectoryOrGone(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isDirectory();
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // only its lock mattered
        }
    }

    private record Area(String id, FileChannel lock, Directory directory) {}
}
