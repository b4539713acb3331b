package io.ferrymesh.it;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;

/** Work on a file that several test processes share. */
public final class OneAtATime {

    private OneAtATime() {}

    /** Does it while no other process does work on the same file; a lock beside the file stays. */
    public static <T> T in(Path file, Callable<T> work) throws Exception {
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        Path unused = Files.createDirectories(file.toAbsolutePath().getParent());
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (!held.isValid()) {
                throw new IllegalStateException("lost the lock " + lock);
            }
            return work.call();
        }
    }
}
