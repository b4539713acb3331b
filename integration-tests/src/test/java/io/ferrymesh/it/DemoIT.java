package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ferrymesh.it.Program.Result;
import io.ferrymesh.scheme.SignedReceipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar ferrymesh.jar demo}, as somebody who just built it runs it. */
class DemoIT {

    private static final String ALL_ARRIVED = "Everything arrived and was verified at both ends.";
    private static final int MIB = 1 << 20;
    private static final int SEGMENT = 16 * MIB;
    private static final int FRAME = 128 << 10;

    /** Names by octal numbers, because what a shell script's text becomes depends on the locale. */
    private static final String NAMES =
            """
            mk() { f=$(printf "$1."); f=${f%.}; printf "content of $1" > "$f"; }
            rep() { i=0; while [ $i -lt $2 ]; do printf "$1"; i=$((i + 1)); done; }
            mkdir names empty empty/leaf empty/other order order/n order/n/x 'order/n x'
            cd names
            mk 'with spaces '; mk ' leading'; mk 'new\\nline'; mk 'ends in newline\\n'; mk 'tab\\t'; mk '\\001\\177'
            mk 'quote\\047s "and" $HOME `x` \\\\n'; mk '\\55-rf'; mk '*?[a]'; mk '...'; mk '.hidden'; mk 'C:'
            mk 'caf\\303\\251'; mk 'cafe\\314\\201'; mk '\\345\\206\\231\\347\\234\\237 \\360\\237\\223\\267'
            mk '\\357\\277\\275 replacement'; mk '\\342\\200\\256 right to left'
            mk "$(rep x 255)"; mk "$(rep '\\\\345\\\\206\\\\231' 85)"
            cd ../order
            for name in 'n ' 'n!' 'n-' 'n.' 'n.txt' 'n0' 'nn' 'n\\303\\251' 'n/a' 'n/x/a' 'n x/a' 'm' 'o'; do mk "$name"; done
            cd ..
            """;

    private static final String TIMES =
            """
            touch -d '1969-07-20T20:17:40Z' names/...
            touch -d '2106-02-07T06:28:16.999999999Z' names/C:
            touch -d '2001-02-03T04:05:06.123456789Z' empty/leaf sizes/0
            """;

    @TempDir
    private Path directory;

    private Path from;
    private Path to;
    private int runs;

    @BeforeEach
    void prepare() throws IOException {
        from = Files.createDirectory(directory.resolve("from"));
        to = directory.resolve("to");
    }

    /** Names that JUnit could not remove everywhere are removed here. */
    @AfterEach
    void clean() throws IOException, InterruptedException {
        Trees.shell(directory, "rm -rf -- *");
    }

    @Test
    void the_plain_demo_shows_a_whole_migration() throws Exception {
        Result result = Program.in(directory).run("demo").exits(0);
        assertThat(result.out()).contains(ALL_ARRIVED);
        Path receipt = Path.of(result.row("Receipt").replace("  (signed by both)", ""));
        Path work = receipt.resolveSibling("").toAbsolutePath();
        try {
            assertThat(result.row("Old provider")).containsPattern("^[0-9a-f]{32}  ");
            assertThat(result.row("New provider")).containsPattern("^[0-9a-f]{32}  ");
            assertThat(result.row("Bytes")).containsPattern("^[0-9.]+ MB in [0-9.]+ s, [0-9.]+ MB/s$");
            assertThat(result.row("Crypto provider")).isNotBlank();
            SignedReceipt signed = SignedReceipt.decode(Files.readAllBytes(receipt));
            assertThat(result.row("Merkle root"))
                    .isEqualTo(signed.receipt().root().hex());
            assertThat(result.row("Old provider"))
                    .startsWith(signed.receipt().source().hex());
            assertThat(result.row("New provider"))
                    .startsWith(signed.receipt().destination().hex());
            assertThat(result.row("Objects"))
                    .startsWith("%,d moved, 0 already there, 0 failed, 0 skipped"
                            .formatted(signed.receipt().objects()));
            // From JDK 24 on the JVM itself warns of what Hazelcast uses.
            assertThat(result.err().lines().filter(line -> !line.startsWith("WARNING: ")))
                    .isEmpty();
            Trees.assertSame(work.resolve("old-cloud"), work.resolve("new-cloud"));
            Trees.assertNoDiff(work.resolve("old-cloud"), work.resolve("new-cloud"));
        } finally {
            Trees.shell(directory, "rm -rf -- '" + work + "'");
        }
    }

    @Test
    void every_name_size_and_depth_survives_even_in_the_plainest_locale_and_nothing_moves_twice() throws Exception {
        for (long size :
                new long[] {0, 1, FRAME - 1, FRAME, FRAME + 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 33L * MIB + 7}) {
            Trees.file(from.resolve("sizes/" + size), size);
        }
        String deepest = "d/".repeat(1_999) + "ff"; // 4,000 bytes, the longest there is
        Trees.shell(from, NAMES + TIMES + "mkdir -p %s\n: > %s\n".formatted("d/".repeat(1_999), deepest));
        Trees.shell(from, "ln -s sizes/1 link\nln -s nowhere dangling\nln -s . loop\nmkfifo fifo\n");
        Result first = demo(Program.in(directory).jvm(QuickStart.options()).with("LC_ALL", "C"))
                .exits(0);
        assertThat(first.out())
                .contains(ALL_ARRIVED, "Failed or skipped:")
                .containsPattern("SYMBOLIC_LINK +link\n")
                .containsPattern("SYMBOLIC_LINK +dangling\n")
                .containsPattern("SYMBOLIC_LINK +loop\n")
                .containsPattern("SPECIAL_FILE +fifo\n");
        assertThat(first.row("Objects")).contains(" 0 already there, 0 failed, 4 skipped");
        Trees.shell(from, "rm link dangling loop fifo");
        Trees.assertSame(from, to);
        Trees.assertNoDiff(from, to);
        Result second = demo(Program.in(directory).jvm(QuickStart.options()).with("LC_ALL", "C.UTF-8"))
                .exits(0);
        assertThat(second.row("Objects"))
                .isEqualTo("0 moved, %,d already there, 0 failed, 0 skipped"
                        .formatted(Trees.members(from).size()));
        assertThat(second.row("Merkle root")).isEqualTo(first.row("Merkle root"));
        Trees.assertSame(from, to);
    }

    @Test
    void twenty_thousand_small_files_arrive() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            Trees.file(from.resolve("%02d/%03d/small %05d".formatted(i % 7, i % 100, i)), 4_096);
        }
        Result result = demo(Program.in(directory).jvm(QuickStart.options())).exits(0);
        assertThat(result.row("Objects")).isEqualTo("20,000 moved, 0 already there, 0 failed, 0 skipped");
        Trees.assertSame(from, to);
        Trees.assertNoDiff(from, to);
    }

    @Test
    void what_cannot_move_is_reported_and_left_and_everything_else_arrives() throws Exception {
        Files.createDirectory(to);
        Trees.file(from.resolve("good/large"), 20L * MIB);
        for (String file :
                List.of("good/small", "unreadable", "closed/inside", "in the way/of a directory", "changed")) {
            Trees.file(from.resolve(file), 5_000);
        }
        Trees.file(from.resolve("other size"), 10);
        Files.writeString(to.resolve("other size"), "of the new provider");
        Trees.shell(to, "head -c 5000 /dev/zero > changed");
        Files.writeString(to.resolve("in the way"), "a file");
        String tooLong = "y".repeat(250);
        Trees.shell(
                from,
                ": > \"$(printf 'not utf8 \\377')\"\n"
                        + "i=0; while [ $i -lt 16 ]; do mkdir %s; cd %s; i=$((i + 1)); done; : > lost\n"
                                .formatted(tooLong, tooLong));
        Result result = demo(withoutPrivileges()).exits(1);
        assertThat(result.out())
                .contains("Not everything arrived: ", "What arrived was verified.")
                .containsPattern("SOURCE_UNREADABLE +unreadable\n")
                .containsPattern("UNREADABLE +closed/\n")
                .containsPattern("CONFLICT +changed\n")
                .containsPattern("CONFLICT +other size\n")
                .containsPattern("CONFLICT +in the way/of a directory\n")
                .containsPattern("UNSUPPORTED_NAME +not utf8 ")
                .containsPattern("UNSUPPORTED_NAME +" + tooLong);
        assertThat(result.row("Objects")).startsWith("2 moved, 0 already there, ");
        assertThat(Files.mismatch(from.resolve("good/large"), to.resolve("good/large")))
                .isEqualTo(-1);
        assertThat(Files.mismatch(from.resolve("good/small"), to.resolve("good/small")))
                .isEqualTo(-1);
        assertThat(to.resolve("other size")).hasContent("of the new provider");
        assertThat(to.resolve("in the way")).hasContent("a file");
        assertThat(Files.readAllBytes(to.resolve("changed"))).containsOnly(0);
        assertThat(Trees.members(to)).hasSize(5);
    }

    @Test
    void nodes_with_a_small_heap_move_a_file_far_larger_than_it() throws Exception {
        long size = 2L << 30;
        long needed = 4_500L * MIB;
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < needed) {
            System.out.printf(
                    "skipped: 2 GiB through 256 MiB of heap needs %d bytes of disk, %d are free%n", needed, free);
        }
        assumeTrue(free >= needed, "not enough room on the disk");
        Trees.sparse(from.resolve("large"), size);
        Trees.file(from.resolve("small/a"), 1);
        Trees.file(from.resolve("small/b"), 200_000);
        Path work = directory.resolve("work");
        Result result = Program.in(directory)
                .run(
                        "demo",
                        "--processes",
                        "--node-heap",
                        "256m",
                        "--work",
                        "" + work,
                        "--from",
                        "" + from,
                        "--to",
                        "" + to)
                .exits(0);
        assertThat(result.out()).contains("a JVM each", ALL_ARRIVED);
        assertThat(result.row("Objects")).isEqualTo("3 moved, 0 already there, 0 failed, 0 skipped");
        Trees.assertSame(from, to);
        try (Stream<Path> files = Files.list(work)) {
            List<Path> logs =
                    files.filter(file -> file.toString().endsWith(".log")).toList();
            assertThat(logs).hasSizeGreaterThanOrEqualTo(3);
            assertThat(logs).allSatisfy(log -> assertThat(Files.readString(log, StandardCharsets.UTF_8))
                    .doesNotContain("OutOfMemoryError")
                    .doesNotContain(" ERROR "));
        }
    }

    private Result demo(Program program) throws IOException, InterruptedException {
        Path work = directory.resolve("work-" + runs++);
        return program.run("demo", "--work", "" + work, "--from", "" + from, "--to", "" + to);
    }

    /** The program as a user who may not read everything. Root may, so root becomes nobody. */
    private Program withoutPrivileges() throws IOException, InterruptedException {
        Trees.shell(from, "chmod 000 unreadable closed");
        if (Files.isReadable(from.resolve("unreadable"))) {
            Path setpriv = Path.of("/usr/bin/setpriv");
            if (!Files.isExecutable(setpriv)) {
                System.out.println(
                        "skipped: root can read everything, and there is no setpriv to become somebody else");
            }
            assumeTrue(Files.isExecutable(setpriv), "no setpriv");
            Path jar = Files.copy(Program.jar(), directory.resolve("ferrymesh.jar"));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
            Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxrwxrwx"));
            return Program.in(directory)
                    .jvm(QuickStart.options())
                    .jar(jar)
                    .through(List.of("" + setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        return Program.in(directory).jvm(QuickStart.options());
    }
}
