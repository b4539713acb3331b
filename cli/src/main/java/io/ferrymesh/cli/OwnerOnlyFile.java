package io.ferrymesh.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A new file that only this user can read. Made before there is anything to put in, so that no secret is drawn which then has
 * no place; removed again if nothing was written.
 */
final class OwnerOnlyFile implements AutoCloseable {

    private final Path file;
    private boolean written;

    private OwnerOnlyFile(Path file) {
        this.file = file;
    }

    /** Fails if there is a file already. */
    static OwnerOnlyFile create(Path file) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            return new OwnerOnlyFile(Files.createFile(file, ownerOnly));
        } catch (FileAlreadyExistsException e) {
            throw new IOException("there is a file already: " + file, e);
        }
    }

    /** Writes the file's only line. */
    void line(String text) throws IOException {
        bytes((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Writes all there is to write. */
    void bytes(byte[] content) throws IOException {
        Path unused = Files.write(file, content);
        written = true;
    }

    @Override
    public void close() throws IOException {
        if (!written) {
            Files.deleteIfExists(file);
        }
    }
}
