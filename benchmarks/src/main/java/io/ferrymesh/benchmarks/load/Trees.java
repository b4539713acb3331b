package io.ferrymesh.benchmarks.load;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Compares directories byte by byte. */
final class Trees {

    private static final String STAGING = ".ferrymesh-staging";

    private Trees() {}

    /** How many files of one tree are in the other, each byte the same; fails with the first that is not, or is too much. */
    static long requireEqual(Path expected, Path actual) throws IOException {
        long files = count(expected, file -> {
            Path there = actual.resolve(expected.relativize(file).toString());
            if (!Files.isRegularFile(there) || Files.mismatch(file, there) >= 0) {
                throw new IOException(there + " is not what " + file + " is");
            }
        });
        long there = count(actual, file -> {});
        if (files != there) {
            throw new IOException("%s has %d files, and %s has %d".formatted(expected, files, actual, there));
        }
        return files;
    }

    /** Something that is done with a file. */
    private interface Look {
        void at(Path file) throws IOException;
    }

    private static long count(Path root, Look look) throws IOException {
        long[] files = {0};
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return directory.endsWith(STAGING) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.getFileName().toString().equals("ferrymesh-provider")) {
                    files[0]++;
                    look.at(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files[0];
    }
}
