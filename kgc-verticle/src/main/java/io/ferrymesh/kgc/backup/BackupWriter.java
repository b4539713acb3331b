package io.ferrymesh.kgc.backup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/** Writes lines into a file for its owner only, which has its name when it is complete and on disk, and not before. */
final class BackupWriter implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 << 10;

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final DigestOutputStream file;
    private final MessageDigest content = Sha256.begin();
    private final OutputStream lines;

    BackupWriter(Path target) throws IOException {
        this.target = target.toAbsolutePath();
        refuseTaken();
        Path directory = directory();
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownersOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        this.temporary = Files.createTempFile(directory, ".ferrymesh-backup", ".tmp", ownersOnly);
        this.channel = FileChannel.open(temporary, StandardOpenOption.WRITE);
        this.file = new DigestOutputStream(Channels.newOutputStream(channel), Sha256.begin());
        this.lines = new BufferedOutputStream(new GZIPOutputStream(file, BUFFER_BYTES), BUFFER_BYTES);
    }

    private void refuseTaken() throws IOException {
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
    }

    private Path directory() throws IOException {
        Path directory = target.getParent();
        if (directory == null) {
            throw new IOException(target + " is no file");
        }
        return directory;
    }

    void line(String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        content.update(bytes);
        lines.write(bytes);
    }

    /** Completes the file. Returns its SHA-256 in hex. */
    String complete() throws IOException {
        line(BackupFormat.trailer(HexFormat.of().formatHex(content.digest())));
        lines.flush();
        lines.close();
        try (FileChannel whole = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            whole.force(true);
        }
        refuseTaken();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel entry = FileChannel.open(directory(), StandardOpenOption.READ)) {
            entry.force(true);
        }
        return HexFormat.of().formatHex(file.getMessageDigest().digest());
    }

    /** Removes what is not complete. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }
}
