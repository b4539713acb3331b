package io.ferrymesh.benchmarks.transfer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SplittableRandom;

/**
 * Files of one size with incompressible content, a hundred to a directory.
 *
 * @param name also its directory's
 */
public record DataSet(String name, int files, long fileBytes) {

    /** What a store keeps for itself in a user's directory: no part of the data. */
    static final String STAGING = ".ferrymesh-staging";

    private static final int PER_DIRECTORY = 100;
    private static final int BUFFER = 1 << 20;

    /** All files together. */
    public long bytes() {
        return files * fileBytes;
    }

    /** Where it is below a directory that has several. */
    public Path in(Path parent) {
        return parent.resolve(name);
    }

    /** Makes the files, unless they are there from an earlier run. */
    public void create(Path parent) throws IOException {
        Path root = in(parent);
        if (Files.isDirectory(root) && Size.of(root).equals(new Size(files, bytes()))) {
            return;
        }
        SplittableRandom random = new SplittableRandom(name.hashCode());
        byte[] buffer = new byte[(int) Math.min(fileBytes, BUFFER)];
        for (int i = 0; i < files; i++) {
            Path directory = root.resolve("d%04d".formatted(i / PER_DIRECTORY));
            if (i % PER_DIRECTORY == 0) {
                Files.createDirectories(directory);
            }
            try (OutputStream out = Files.newOutputStream(directory.resolve("f%06d".formatted(i)))) {
                for (long left = fileBytes; left > 0; left -= buffer.length) {
                    random.nextBytes(buffer);
                    out.write(buffer, 0, (int) Math.min(left, buffer.length));
                }
            }
        }
    }

    /** Reads everything, so that no contender reads from the disk. */
    public void warm(Path parent) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        Files.walkFileTree(in(parent), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
                    int got = 0;
                    while (got >= 0) {
                        got = in.read(buffer.clear());
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Writes as many bytes below a directory, and removes them. */
    void touch(Path directory) throws IOException {
        Path file = directory.resolve("touch");
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
            for (long left = bytes(); left > 0; left -= buffer.limit()) {
                buffer.clear().limit((int) Math.min(left, BUFFER));
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Fails unless a copy has as many files and bytes. */
    void check(Path copy) throws IOException {
        Size found = Size.of(copy);
        if (!found.equals(new Size(files, bytes()))) {
            throw new IOException("%s: %d files of %d bytes in all, not %d of %d"
                    .formatted(copy, found.files(), found.bytes(), files, bytes()));
        }
    }

    /** How much is under a directory. */
    record Size(long files, long bytes) {

        static Size of(Path root) throws IOException {
            long[] sum = new long[2];
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return directory.endsWith(STAGING) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    sum[0]++;
                    sum[1] += attributes.size();
                    return FileVisitResult.CONTINUE;
                }
            });
            return new Size(sum[0], sum[1]);
        }
    }
}
