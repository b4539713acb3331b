package io.ferrymesh.benchmarks.transfer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The directories of a run. Sources and destinations are on one file system. Nothing is deleted before the end, only
 * truncated: on ext4, creating files soon after deleting thousands is ten times slower.
 */
public final class Workplace implements AutoCloseable {

    private final Path data;
    private final Path scratch;
    private final Meter meter;
    private final boolean keep;

    private Workplace(Path data, Path scratch, Meter meter, boolean keep) {
        this.data = data;
        this.scratch = scratch;
        this.meter = meter;
        this.keep = keep;
    }

    /** Fails, saying how much is missing, if the copies would not fit. */
    public static Workplace open(Path data, long bytesNeeded, boolean keep) throws IOException {
        Path root = Files.createDirectories(data).toRealPath();
        long free = Files.getFileStore(root).getUsableSpace();
        if (free < bytesNeeded) {
            throw new IOException("%s has %d MiB free, and this run needs %d MiB; --only or --quick need less"
                    .formatted(root, free >> 20, bytesNeeded >> 20));
        }
        Path unused = Files.createDirectories(root.resolve("source"));
        return new Workplace(root, Files.createTempDirectory(root, "run-"), new Meter(), keep);
    }

    /** Where the data sets are. They stay for the next run. */
    public Path source() {
        return data.resolve("source");
    }

    /** For keys, logs and lists. */
    public Path scratch() {
        return scratch;
    }

    /** What everything is timed with. */
    public Meter meter() {
        return meter;
    }

    /** Where one contender puts one round's copy. Not created. */
    Path destination(String contender, DataSet data, int round) {
        return scratch.resolve("destination").resolve(contender).resolve(data.name() + "-" + round);
    }

    /** Gives a copy's room back without deleting anything. */
    void empty(Path copy) throws IOException {
        Files.walkFileTree(copy, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                try (FileChannel content = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    FileChannel unused = content.truncate(0);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Deletes this run's copies, keys and logs, unless they are to be kept. */
    @Override
    public void close() throws IOException {
        meter.close();
        if (keep) {
            return;
        }
        Files.walkFileTree(scratch, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path directory, java.io.@org.jspecify.annotations.Nullable IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
