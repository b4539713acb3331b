package io.ferrymesh.stores.directory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.writing.PathLocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * Keeps those who look at an object and then change it apart from those who do so in other processes. A claim is
 * {@code .ferrymesh-staging/<32 hex>.claim}, named after the path and linked to a file that names the staging area of its
 * owner; whether that one lives is told by the area's lock. Within a process, the caller keeps others away.
 */
final class Claims {

    /** Taken before a claim, and by those who need none. */
    static final PathLocks LOCKS = new PathLocks();

    private static final int HASHED_BYTES = 16;
    private static final int ATTEMPTS = 3_000;
    private static final int PAUSE_MS = 10;

    private final Directories directories;
    private final StagingArea staging;

    Claims(Directories directories, StagingArea staging) {
        this.directories = directories;
        this.staging = staging;
    }

    /** Waits for a path to be nobody's and claims it. Fails with IO_ERROR when another process does not let go of it. */
    Claim take(ObjectPath path) throws IOException, StoreException {
        Path name = nameOf(path);
        Directory area = staging.enter();
        boolean taken = false;
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (claim(area, name)) {
                    taken = true;
                    return () -> release(name);
                }
                pause(path, attempt);
            }
        } finally {
            if (!taken) {
                staging.leave();
            }
        }
        throw new StoreException(StoreError.IO_ERROR, path + ": another process keeps changing it");
    }

    /** The owner that a claim names; empty when it has just gone. */
    static String ownerOf(Directory staging, Path claim) throws IOException {
        try (FileChannel channel = staging.openFile(claim, StandardOpenOption.READ)) {
            ByteBuffer owner = ByteBuffer.allocate(StagingArea.ID_CHARS);
            while (owner.hasRemaining() && channel.read(owner) >= 0) {
                // read on
            }
            return new String(owner.array(), 0, owner.position(), US_ASCII);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private boolean claim(Directory area, Path name) throws IOException {
        try (Directory all = directories.open(StagingArea.NAME)) {
            try {
                Files.createLink(all.path().resolve(name), area.path().resolve(StagingArea.OWNER));
                return true;
            } catch (FileAlreadyExistsException e) {
                StagingArea.removeIfDead(all, ownerOf(all, name));
                return false;
            }
        }
    }

    private void release(Path name) {
        try (Directory all = directories.open(StagingArea.NAME)) {
            all.delete(name);
        } catch (IOException e) {
            // it goes with this store's staging area
        } finally {
            staging.leave();
        }
    }

    private static void pause(ObjectPath path, int attempt) throws StoreException {
        if (attempt == 0) {
            return; // the owner may have been dead
        }
        try {
            TimeUnit.MILLISECONDS.sleep(Math.min(attempt, PAUSE_MS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreError.IO_ERROR, path + ": interrupted", e);
        }
    }

    /** The name of the claim to a path. */
    static Path nameOf(ObjectPath path) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(path.utf8());
            return Path.of(HexFormat.of().formatHex(Arrays.copyOf(digest, HASHED_BYTES)) + StagingArea.CLAIM);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** A claim that is held. */
    interface Claim extends AutoCloseable {

        /** For a change that needs none. */
        Claim NONE = () -> {};

        @Override
        void close();
    }
}
