package io.ferrymesh.stores.directory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.writing.Binding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * What a kept file's record says: what the file was staged for and which of its segments are safe on the disk. A log of 12 octets
 * an entry: segment (4), 1 for safe or 0 for safe no more (4), CRC-32C over the binding, the entry's position and those 8 octets
 * (4). What was cut off by a crash ends it. Guarded by the caller.
 */
final class Keepsake {

    private static final byte[] MAGIC = "FMKEPT1\n".getBytes(US_ASCII);
    private static final int PATH_BYTES = 32;
    private static final int HEADER_BYTES = MAGIC.length + PATH_BYTES + Binding.BYTES;
    private static final int ENTRY_BYTES = 12;

    private final String token;
    private final StagingFile file;
    private final byte[] binding;
    private final Names names;
    private final Set<Integer> safe = new TreeSet<>();
    private long end = HEADER_BYTES;
    private boolean named;

    /** Makes the names of kept files survive a power cut. */
    @FunctionalInterface
    interface Names {
        void sync() throws IOException;
    }

    private Keepsake(String token, StagingFile file, byte[] binding, Names names) {
        this.token = token;
        this.file = file;
        this.binding = binding;
        this.names = names;
    }

    /** Begins a record. Its name is not durable before something is. */
    static Keepsake create(String token, StagingFile file, ObjectInfo info, ObjectMetadata metadata, Names names)
            throws IOException {
        byte[] binding = Binding.of(info, metadata);
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES)
                .put(MAGIC)
                .put(hashOf(info.path()))
                .put(binding)
                .flip();
        try (FileChannel channel = file.create()) {
            write(channel, header, 0);
        }
        return new Keepsake(token, file, binding, names);
    }

    /** Reads a record of this object; NoSuchFileException when it is of another, or none. */
    static Keepsake read(String token, StagingFile file, ObjectInfo info, ObjectMetadata metadata, Names names)
            throws IOException {
        ByteBuffer all = contents(file);
        byte[] binding = Binding.of(info, metadata);
        if (!isOf(all, info.path()) || !MessageDigest.isEqual(part(all, MAGIC.length + PATH_BYTES), binding)) {
            throw new NoSuchFileException("a record of it");
        }
        var keepsake = new Keepsake(token, file, binding, names);
        keepsake.readEntries(all.position(HEADER_BYTES));
        return keepsake;
    }

    /** Whether a record may be removed by who knows its token and this path: it is of that path, or damaged. */
    static boolean belongsTo(StagingFile file, ObjectPath path) throws IOException {
        ByteBuffer all = contents(file);
        return all.remaining() < HEADER_BYTES || isOf(all, path);
    }

    /** The same record under another name. */
    Keepsake at(StagingFile newFile) {
        var moved = new Keepsake(token, newFile, binding, names);
        moved.safe.addAll(safe);
        moved.end = end;
        return moved;
    }

    String token() {
        return token;
    }

    /** The segments that are safe. */
    List<Integer> safe() {
        return List.copyOf(safe);
    }

    /**
     * Makes segments of a file safe. Fails with {@link NoSuchFileException} when the file does not have its name any more: somebody
     * else has it.
     */
    void force(StagingFile contents, Collection<Integer> whole) throws IOException {
        List<Integer> more =
                whole.stream().filter(segment -> !safe.contains(segment)).toList();
        if (more.isEmpty()) {
            return;
        }
        contents.sync();
        append(more, 1);
        if (!named) {
            names.sync();
            named = true;
        }
        safe.addAll(more);
    }

    /** A segment is safe no more. */
    void forget(int segment) throws IOException {
        if (safe.contains(segment)) {
            append(List.of(segment), 0);
            safe.remove(segment);
        }
    }

    void delete() throws IOException {
        file.delete();
    }

    private void append(List<Integer> segments, int value) throws IOException {
        ByteBuffer entries = ByteBuffer.allocate(ENTRY_BYTES * segments.size());
        for (int segment : segments) {
            long position = end + entries.position();
            entries.putInt(segment).putInt(value).putInt(checksum(position, segment, value));
        }
        int length = entries.position();
        try (FileChannel channel = file.open()) {
            write(channel, entries.flip(), end);
            channel.force(true);
        }
        end += length;
    }

    private void readEntries(ByteBuffer entries) {
        while (entries.remaining() >= ENTRY_BYTES) {
            int segment = entries.getInt();
            int value = entries.getInt();
            if (entries.getInt() != checksum(end, segment, value)) {
                return;
            }
            boolean unused = value == 1 ? safe.add(segment) : safe.remove(segment);
            end += ENTRY_BYTES;
        }
    }

    private int checksum(long position, int segment, int value) {
        var crc = new CRC32C();
        crc.update(binding);
        crc.update(ByteBuffer.allocate(16)
                .putLong(position)
                .putInt(segment)
                .putInt(value)
                .flip());
        return (int) crc.getValue();
    }

    private static boolean isOf(ByteBuffer all, ObjectPath path) {
        return all.remaining() >= HEADER_BYTES
                && all.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))
                && MessageDigest.isEqual(part(all, MAGIC.length), hashOf(path));
    }

    /** 32 octets of it. */
    private static byte[] part(ByteBuffer all, int from) {
        byte[] part = new byte[PATH_BYTES];
        all.get(from, part);
        return part;
    }

    private static ByteBuffer contents(StagingFile file) throws IOException {
        try (FileChannel channel = file.area().openFile(file.name(), StandardOpenOption.READ)) {
            ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(channel.size()));
            while (all.hasRemaining() && channel.read(all) >= 0) {
                // read on
            }
            return all.flip();
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            int written = channel.write(bytes, at);
            if (written <= 0) {
                throw new IOException("No space left on device");
            }
            at += written;
        }
    }

    private static byte[] hashOf(ObjectPath path) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(path.utf8());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
