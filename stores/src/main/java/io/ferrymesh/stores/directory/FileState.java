package io.ferrymesh.stores.directory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/**
 * A file as one look by path found it, with the time of its last change, which only a look by path gives. Whoever writes to
 * a file, or makes another one in its place, changes the state; nobody can set that time back.
 */
record FileState(Object fileKey, long inode, long size, Instant modified, Instant changed) {

    private static final String ATTRIBUTES = "unix:fileKey,ino,size,lastModifiedTime,ctime";
    private static final int ETAG_BYTES = 16;

    static FileState of(Path file) throws IOException {
        Map<String, Object> all = Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        return new FileState(
                Objects.requireNonNull(all.get("fileKey"), "a file has an inode"),
                (Long) value(all, "ino"),
                (Long) value(all, "size"),
                ((FileTime) value(all, "lastModifiedTime")).toInstant(),
                ((FileTime) value(all, "ctime")).toInstant());
    }

    /** Whether it is the same file in the same state as one look relative to its directory found. */
    boolean isOf(BasicFileAttributes seen) {
        return fileKey.equals(seen.fileKey())
                && size == seen.size()
                && modified.equals(seen.lastModifiedTime().toInstant());
    }

    /** The same for every process; without the device's number, which each host gives a shared file system itself. */
    String etag() {
        String state = inode + " " + size + " " + modified + " " + changed;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(state.getBytes(US_ASCII));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, ETAG_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static Object value(Map<String, Object> all, String name) {
        return Objects.requireNonNull(all.get(name), name);
    }
}
