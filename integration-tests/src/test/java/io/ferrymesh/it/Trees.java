package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Makes and compares directories of files. Names are what the file system says they are, whatever the locale. */
public final class Trees {

    private static final String STAGING = ".ferrymesh-staging";

    private Trees() {}

    /** Makes a file of {@code size} bytes that nobody could guess, in directories as needed. */
    public static void file(Path file, long size) throws IOException {
        Files.createDirectories(file.getParent());
        Random random = new Random(size + file.getFileName().hashCode());
        byte[] block = new byte[64 << 10];
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            for (long left = size; left > 0; left -= Math.min(left, block.length)) {
                random.nextBytes(block);
                write(channel, ByteBuffer.wrap(block, 0, (int) Math.min(left, block.length)));
            }
        }
    }

    /** As {@link #file}, with holes: 64 KiB of data in each MiB, so that large ones cost little room and time. */
    public static void sparse(Path file, long size) throws IOException {
        Files.createDirectories(file.getParent());
        Random random = new Random(size + file.getFileName().hashCode());
        byte[] block = new byte[64 << 10];
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            for (long at = 0; at < size; at += 1 << 20) {
                random.nextBytes(block);
                channel.position(at);
                write(channel, ByteBuffer.wrap(block, 0, (int) Math.min(size - at, block.length)));
            }
            channel.position(size - 1);
            write(channel, ByteBuffer.wrap(new byte[] {1}));
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int unused = channel.write(bytes);
        }
    }

    /** Every file and empty directory is in both, with the same bytes and the same time. */
    public static void assertSame(Path expected, Path actual) throws IOException {
        Map<Path, String> wanted = members(expected);
        assertThat(wanted).as("what was to move").isNotEmpty();
        assertThat(members(actual)).containsExactlyEntriesOf(wanted);
        for (Path each : wanted.keySet()) {
            assertSameBytes(expected.resolve(each), actual.resolve(each));
        }
    }

    /**
     * What is there is whole: every file has its equal at the source.
     *
     * @return how many there are
     */
    static int assertWhole(Path source, Path destination) throws IOException {
        Map<Path, String> there = members(destination);
        assertThat(members(source)).containsAllEntriesOf(there);
        for (Path each : there.keySet()) {
            assertSameBytes(source.resolve(each), destination.resolve(each));
        }
        return there.size();
    }

    private static void assertSameBytes(Path expected, Path actual) throws IOException {
        if (Files.isRegularFile(expected, LinkOption.NOFOLLOW_LINKS)) {
            assertThat(Files.mismatch(expected, actual))
                    .as("first difference in %s", actual)
                    .isEqualTo(-1);
        }
    }

    /** What {@code diff -r} has to say: nothing. Without the program, nothing is compared. */
    static void assertNoDiff(Path expected, Path actual) throws IOException, InterruptedException {
        Path diff = Path.of("/usr/bin/diff");
        if (!Files.isExecutable(diff)) {
            System.out.println("diff is not installed: the trees were compared in Java only");
            return;
        }
        Process process = new ProcessBuilder(diff.toString(), "-r", expected.toString(), actual.toString())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(said).isEmpty();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Files and empty directories by their path below {@code root}, with kind, size and time. */
    static Map<Path, String> members(Path root) throws IOException {
        Map<Path, String> found = new TreeMap<>();
        Deque<Path> left = new ArrayDeque<>();
        left.push(root);
        while (!left.isEmpty()) {
            Path directory = left.pop();
            boolean empty = true;
            try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
                for (Path child : children) {
                    empty = false;
                    BasicFileAttributes attributes =
                            Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                    if (!attributes.isDirectory()) {
                        found.put(root.relativize(child), describe(attributes));
                    } else if (!directory.equals(root) || !child.endsWith(STAGING)) {
                        left.push(child);
                    }
                }
            }
            if (empty && !directory.equals(root)) {
                found.put(root.relativize(directory), "directory " + Files.getLastModifiedTime(directory));
            }
        }
        return found;
    }

    private static String describe(BasicFileAttributes attributes) {
        String kind = attributes.isRegularFile() ? "file" : attributes.isSymbolicLink() ? "link" : "special";
        return kind + " " + attributes.size() + " " + attributes.lastModifiedTime();
    }

    /** Runs a shell script of ASCII text, which can make every name there is by {@code printf} and octal numbers. */
    static void shell(Path directory, String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/bin/sh", "-euc", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
