package io.ferrymesh.it.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Directories seen as plain files, without the program's own store. Names are compared as bytes, whatever the locale. */
final class Trees {

    private Trees() {}

    /** Everything below a directory, relative to it. */
    static Set<Path> members(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> !path.equals(root))
                    .map(root::relativize)
                    .collect(Collectors.toSet());
        }
    }

    /** That a file is whole and the same in both: kind, every byte, modification time. */
    static void assertSame(Path member, Path one, Path other) throws IOException {
        Path a = one.resolve(member);
        Path b = other.resolve(member);
        assertThat(Files.isDirectory(b)).as("%s is a directory", member).isEqualTo(Files.isDirectory(a));
        if (Files.isRegularFile(a)) {
            assertThat(Files.mismatch(a, b))
                    .as("first byte that differs in %s", member)
                    .isEqualTo(-1);
            assertThat(Files.getLastModifiedTime(b))
                    .as("modification time of %s", member)
                    .isEqualTo(Files.getLastModifiedTime(a));
        }
    }

    /** How long the files below a directory are by now, taken together, while somebody makes and removes some. */
    static long bytes(Path root) throws IOException {
        AtomicLong sum = new AtomicLong();
        Path unused = Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum.addAndGet(attributes.size());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path gone, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum.get();
    }
}
