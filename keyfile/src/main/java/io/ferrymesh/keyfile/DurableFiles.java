package io.ferrymesh.keyfile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes files that only their owner can read, complete and durable under their name or not there at all. */
final class DurableFiles {

    private DurableFiles() {}

    /** A link, unlike a rename, fails when the name is taken, so two who create at once cannot overwrite each other. */
    static void create(Path file, byte[] content) throws IOException {
        Path directory = parent(file);
        Path temporary = temporary(directory);
        try {
            write(temporary, content);
            Files.createLink(file, temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(directory);
    }

    /** Whoever reads the file meanwhile, or after a crash, finds the old content or the new. */
    static void replace(Path file, byte[] content) throws IOException {
        Path target = file.toRealPath();
        Path directory = parent(target);
        Path temporary = temporary(directory);
        try {
            write(temporary, content);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(directory);
    }

    private static Path parent(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(file + " is no file");
        }
        return directory;
    }

    private static Path temporary(Path directory) throws IOException {
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        return Files.createTempFile(directory, ".ferrymesh-key", ".tmp", ownerOnly);
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
