package io.ferrymesh.stores.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.Skipped.Reason;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest {

    private static final Instant MODIFIED = Instant.parse("2001-02-03T04:05:06.123456789Z");
    private static final Path STAGING = Path.of(StagingArea.NAME);

    @TempDir
    Path temporary;

    private Path root;
    private Path outside;
    private DirectoryStore store;

    @BeforeEach
    void openStore() throws IOException, StoreException {
        root = Files.createDirectory(temporary.resolve("root"));
        outside = Files.createDirectory(temporary.resolve("outside"));
        store = DirectoryStore.open(root);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    // ---- what is no object

    @Test
    void links_and_special_files_are_skipped_by_design() throws Exception {
        Files.createSymbolicLink(root.resolve("link"), outside);
        Files.createSymbolicLink(root.resolve("broken"), Path.of("nowhere"));
        run("mkfifo", root.resolve("pipe").toString());
        Files.writeString(root.resolve("file"), "x");
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertThat(socket.bind(UnixDomainSocketAddress.of(root.resolve("socket"))))
                    .isSameAs(socket);

            assertThat(entries(""))
                    .filteredOn(Skipped.class::isInstance)
                    .containsExactly(
                            new Skipped("broken", Reason.SYMBOLIC_LINK),
                            new Skipped("link", Reason.SYMBOLIC_LINK),
                            new Skipped("pipe", Reason.SPECIAL_FILE),
                            new Skipped("socket", Reason.SPECIAL_FILE));
        }
        assertThat(objects("")).containsExactly("file");
        for (String path : List.of("link", "broken", "pipe", "socket", "link/", "pipe/", "link/x", "pipe/x")) {
            assertThat(failureOf(() -> store.head(ObjectPath.of(path))).error()).isEqualTo(StoreError.NOT_FOUND);
            assertThat(failureOf(() -> store.open(ObjectPath.of(path))).error()).isEqualTo(StoreError.NOT_FOUND);
        }
        assertThat(entries("p")).containsExactly(new Skipped("pipe", Reason.SPECIAL_FILE));
    }

    @Test
    void a_directory_of_skipped_things_is_not_empty() throws Exception {
        Files.createDirectory(root.resolve("a"));
        Files.createSymbolicLink(root.resolve("a/link"), outside);
        Files.createDirectories(root.resolve("b/c"));

        assertThat(entries("")).hasSize(2).contains(new Skipped("a/link", Reason.SYMBOLIC_LINK));
        assertThat(objects("")).containsExactly("b/c/");
        assertThat(failureOf(() -> store.head(ObjectPath.of("a/"))).error()).isEqualTo(StoreError.NOT_FOUND);
    }

    @Test
    void names_that_are_not_utf8_are_failures_that_stop_nothing() throws Exception {
        Files.writeString(root.resolve(FileNames.ofBytes(new byte[] {'b', (byte) 0xff})), "x");
        Path directory = Files.createDirectory(root.resolve(FileNames.ofBytes(new byte[] {'c', (byte) 0xc3})));
        Files.writeString(directory.resolve("d"), "x");
        Files.writeString(root.resolve("a"), "x");
        Files.writeString(root.resolve("e"), "x");

        assertThat(objects("")).containsExactly("a", "e");
        assertThat(entries("").subList(1, 3))
                .containsExactly(
                        new Skipped("b\uFFFD", Reason.UNSUPPORTED_NAME),
                        new Skipped("c\uFFFD", Reason.UNSUPPORTED_NAME));
        assertThat(Reason.UNSUPPORTED_NAME.isFailure()).isTrue();
    }

    @Test
    void a_tree_deeper_than_a_path_may_be_long_is_skipped_below() throws Exception {
        String name = "x".repeat(250);
        run(
                "sh",
                "-c",
                "cd \"$1\"; for i in $(seq 18); do mkdir $2; cd $2; done; touch file",
                "sh",
                root.toString(),
                name);
        try {
            assertThat(entries("")).hasSize(1).allSatisfy(entry -> {
                Skipped skipped = (Skipped) entry;
                assertThat(skipped.reason()).isEqualTo(Reason.UNSUPPORTED_NAME);
                assertThat(skipped.name()).isEqualTo((name + "/").repeat(15) + name);
            });
        } finally {
            run("rm", "-rf", root.resolve(name).toString());
        }
    }

    @Test
    void what_may_not_be_read_is_told_and_stops_nothing() throws Exception {
        Path shared = Files.createDirectory(temporary.resolve("classes"));
        for (String directory : List.of("closed", "open")) {
            Files.writeString(Files.createDirectory(root.resolve(directory)).resolve("file"), "x");
        }
        Files.setPosixFilePermissions(root.resolve("open/file"), PosixFilePermissions.fromString("---------"));
        Files.setPosixFilePermissions(root.resolve("closed"), PosixFilePermissions.fromString("---------"));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));

        try (var fork = isRoot() ? startAsNobody(shared) : ForkedStore.start(root, Map.of())) {
            assertThat(fork.list()).containsExactly("UNREADABLE closed/", "open/file");
            for (String below : List.of("closed/", "closed/deep/", "closed/file")) {
                assertThat(fork.list(below)).as(below).containsExactly("UNREADABLE closed/");
            }
            assertThat(fork.list("close")).containsExactly("UNREADABLE closed/");
            assertThat(fork.list("closed-too/")).isEmpty();
            assertThat(fork.list("", "closed/file")).containsExactly("UNREADABLE closed/", "open/file");
            assertThat(fork.list("", "open")).containsExactly("open/file");
            assertThat(fork.ask("get", StoreProcess.encode("open/file"))).isEqualTo("NOT_READABLE");
            assertThat(fork.ask("get", StoreProcess.encode("closed/file"))).isEqualTo("NOT_READABLE");
            if (isRoot()) {
                assertThat(fork.ask("stage", StoreProcess.encode("open/new"))).isEqualTo("NOT_WRITABLE");
            }
        } finally {
            Files.setPosixFilePermissions(root.resolve("closed"), PosixFilePermissions.fromString("rwx------"));
        }
    }

    // ---- what is another one halfway through

    @Test
    void a_directory_that_is_swapped_while_it_is_listed_is_no_quiet_end() throws Exception {
        many("docs", 600);
        many("new", 600);
        Files.writeString(root.resolve("z"), "x");
        List<ListingEntry> all;
        try (ObjectListing listing = store.list("docs/")) {
            all = new ArrayList<>(listing.next(100));
            Files.move(root.resolve("docs"), root.resolve("old"));
            Files.move(root.resolve("new"), root.resolve("docs"));
            rest(listing, all);
        }

        assertThat(all).hasSizeLessThan(600).contains(new Skipped("docs/", Reason.UNREADABLE));
        assertThat(Reason.UNREADABLE.isFailure()).isTrue();
    }

    @Test
    void a_directory_that_goes_while_it_is_listed_is_said_to_have_gone() throws Exception {
        many("docs", 600);
        Files.writeString(root.resolve("z"), "x");
        List<ListingEntry> all;
        try (ObjectListing listing = store.list("")) {
            all = new ArrayList<>(listing.next(100));
            Files.move(root.resolve("docs"), temporary.resolve("elsewhere"));
            rest(listing, all);
        }

        assertThat(all).contains(new Skipped("docs/", Reason.UNREADABLE));
        assertThat(all.get(all.size() - 1)).isInstanceOf(ObjectInfo.class);
    }

    private void many(String directory, int files) throws IOException {
        Files.createDirectory(root.resolve(directory));
        for (int i = 0; i < files; i++) {
            Files.createFile(root.resolve(directory).resolve("f" + (1_000 + i)));
        }
    }

    private static void rest(ObjectListing listing, List<ListingEntry> all) throws StoreException {
        for (List<ListingEntry> page = listing.next(100); !page.isEmpty(); page = listing.next(100)) {
            all.addAll(page);
        }
    }

    // ---- nothing leads out of the root

    @Test
    void a_link_put_in_place_of_a_directory_is_not_followed() throws Exception {
        put("dir/sub/a", "inside");
        Files.createDirectory(outside.resolve("sub"));
        Files.writeString(outside.resolve("sub/a"), "secret");
        StagedObject staged = staged("dir/sub/b", "new");
        Files.move(root.resolve("dir"), temporary.resolve("moved"));
        Files.createSymbolicLink(root.resolve("dir"), outside);

        assertThat(failureOf(() -> store.open(ObjectPath.of("dir/sub/a"))).error())
                .isEqualTo(StoreError.NOT_FOUND);
        assertThat(failureOf(() -> store.head(ObjectPath.of("dir/sub/a"))).error())
                .isEqualTo(StoreError.NOT_FOUND);
        StoreException conflict = errorOf(store.publish(List.of(staged), PublishMode.CREATE_ONLY));
        assertThat(conflict.error()).isEqualTo(StoreError.EXISTS);
        assertThat(conflict).hasMessage("dir/sub/b: dir is there and no directory");
        assertThat(errorOf(store.publish(List.of(staged("dir/sub/a", "new")), PublishMode.REPLACE))
                        .error())
                .isEqualTo(StoreError.EXISTS);
        assertThat(errorOf(store.publish(List.of(staged("dir/new/", "")), PublishMode.REPLACE))
                        .error())
                .isEqualTo(StoreError.EXISTS);
        assertThat(entries("")).containsExactly(new Skipped("dir", Reason.SYMBOLIC_LINK));
        assertThat(entries("dir/sub/"))
                .as("it hides what was asked for")
                .containsExactly(new Skipped("dir", Reason.SYMBOLIC_LINK));
        assertThat(outside.resolve("sub/a")).hasContent("secret");
        assertThat(members(outside.resolve("sub"))).containsExactly("a");
        assertThat(members(outside)).containsExactly("sub");
    }

    @Test
    void a_link_in_place_of_an_object_is_replaced_or_kept_but_not_followed() throws Exception {
        Files.writeString(outside.resolve("victim"), "untouched");
        Files.createSymbolicLink(root.resolve("a"), outside.resolve("victim"));

        assertThat(errorOf(store.publish(List.of(staged("a", "new")), PublishMode.CREATE_ONLY))
                        .error())
                .isEqualTo(StoreError.EXISTS);
        assertThat(store.publish(List.of(staged("a", "new")), PublishMode.REPLACE)
                        .get(0)
                        .error())
                .isNull();

        assertThat(outside.resolve("victim")).hasContent("untouched");
        assertThat(Files.isSymbolicLink(root.resolve("a"))).isFalse();
        assertThat(root.resolve("a")).hasContent("new");
    }

    @Test
    void a_link_in_place_of_the_staging_directory_is_not_followed() throws Exception {
        Files.createSymbolicLink(root.resolve(STAGING), outside);

        assertThat(failureOf(() -> staged("a", "new"))).hasMessageStartingWith("a: ");
        assertThat(members(outside)).isEmpty();
        try (var second = DirectoryStore.open(root)) {
            assertThat(second).isNotNull();
        }
    }

    @Test
    void the_root_itself_may_be_a_link() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), root);
        try (var linked = DirectoryStore.open(link)) {
            StagedObject staged = linked.stage(new ObjectInfo(ObjectPath.of("a/b"), 0, MODIFIED));
            assertThat(linked.publish(List.of(staged), PublishMode.CREATE_ONLY))
                    .containsExactly(new PublishOutcome(staged.info(), null));
        }
        assertThat(root.resolve("a/b")).isEmptyFile();
    }

    @Test
    void a_directory_that_is_replaced_is_noticed() throws Exception {
        put("dir/a", "old");
        Files.move(root.resolve("dir"), outside.resolve("dir"));
        Files.createDirectory(root.resolve("dir"));
        Files.writeString(root.resolve("dir/b"), "new");

        assertThat(failureOf(() -> store.head(ObjectPath.of("dir/a"))).error()).isEqualTo(StoreError.NOT_FOUND);
        assertThat(store.head(ObjectPath.of("dir/b")).size()).isEqualTo(3);
        put("dir/c", "c");
        assertThat(objects("")).containsExactly("dir/b", "dir/c");
        assertThat(members(outside.resolve("dir"))).containsExactly("a");
    }

    // ---- conflicts and refusals

    @Test
    void a_directory_in_place_of_a_file_and_a_file_in_place_of_a_directory_are_conflicts() throws Exception {
        put("file", "x");
        put("dir/file", "x");

        for (PublishMode mode : PublishMode.values()) {
            List<PublishOutcome> outcomes = store.publish(
                    List.of(staged("file/a/b", "x"), staged("dir", "x"), staged("file/", ""), staged("dir/", "")),
                    mode);

            assertThat(outcomes)
                    .extracting(outcome -> outcome.error() == null
                            ? ""
                            : outcome.error().error() + " " + outcome.error().getMessage())
                    .containsExactly(
                            "EXISTS file/a/b: file is there and no directory",
                            mode == PublishMode.REPLACE ? "EXISTS dir: a directory is there" : "EXISTS dir: exists",
                            "EXISTS file/: file is there and no directory",
                            "");
        }
        assertThat(objects("")).containsExactly("dir/file", "file");
        assertThat(members(root)).containsExactlyInAnyOrder("dir", "file");
    }

    @Test
    void the_stores_own_name_is_refused() throws Exception {
        for (String path : List.of(StagingArea.NAME, StagingArea.NAME + "/", StagingArea.NAME + "/x")) {
            ObjectInfo info = new ObjectInfo(ObjectPath.of(path), 0, MODIFIED);
            assertThat(failureOf(() -> store.stage(info)).error()).isEqualTo(StoreError.UNSUPPORTED_PATH);
            assertThat(failureOf(() -> store.requirePath(info.path())).error()).isEqualTo(StoreError.UNSUPPORTED_PATH);
            assertThat(failureOf(() -> store.head(info.path())).error()).isEqualTo(StoreError.NOT_FOUND);
            assertThat(failureOf(() -> store.open(info.path())).error()).isEqualTo(StoreError.NOT_FOUND);
        }
        put("a/" + StagingArea.NAME + "/x", "fine further down");
        try (StagedObject staged = staged("b", "x")) {
            assertThat(staged.info().size()).isEqualTo(1);
            assertThat(entries(""))
                    .contains(new Skipped(StagingArea.NAME, Reason.RESERVED_NAME))
                    .hasSize(2);
        }
    }

    @Test
    void a_path_that_is_too_long_together_with_the_root_is_refused() throws Exception {
        Path deep = root;
        for (int i = 0; i < 3; i++) {
            deep = Files.createDirectory(deep.resolve("r".repeat(100)));
        }
        String part = "p".repeat(199) + "/";
        try (var deepStore = DirectoryStore.open(deep)) {
            var info = new ObjectInfo(ObjectPath.of(part.repeat(19) + "file"), 0, MODIFIED);
            assertThat(failureOf(() -> deepStore.stage(info)).error()).isEqualTo(StoreError.UNSUPPORTED_PATH);
            assertThat(failureOf(() -> deepStore.requirePath(info.path())).error())
                    .isEqualTo(StoreError.UNSUPPORTED_PATH);
        }
        store.requirePath(ObjectPath.of(part.repeat(19) + "file"));
        put(part.repeat(19) + "file", "fits");
        assertThat(objects("")).contains(part.repeat(19) + "file");
    }

    @Test
    void messages_name_the_object_and_never_the_root() throws Exception {
        put("a", "x");
        Files.createSymbolicLink(root.resolve("link"), outside);
        var failures = new ArrayList<StoreException>();
        failures.add(failureOf(() -> store.head(ObjectPath.of("a/b"))));
        failures.add(failureOf(() -> store.open(ObjectPath.of("missing"))));
        failures.add(failureOf(() -> store.open(ObjectPath.of("link/x"))));
        failures.add(errorOf(store.publish(List.of(staged("a", "x")), PublishMode.CREATE_ONLY)));
        failures.add(errorOf(store.publish(List.of(staged("a/b", "x")), PublishMode.REPLACE)));
        failures.add(errorOf(store.publish(List.of(staged("link/x", "x")), PublishMode.REPLACE)));
        failures.add(failureOf(() -> DirectoryStore.open(root.resolve("missing"))));

        assertThat(failures).allSatisfy(failure -> assertThat(failure)
                .hasMessageNotContaining(temporary.toString())
                .hasMessageContaining(": "));
    }

    @Test
    void options_that_cannot_work_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DirectoryStoreOptions(15, 1))
                .withMessage("listingEntries must be >= 16: 15");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DirectoryStoreOptions(16, 0))
                .withMessage("groupSyncFrom must be >= 1: 0");
    }

    // ---- durability and staging

    @Test
    void groups_are_published_the_same_with_one_sync_as_with_many() throws Exception {
        for (int from : List.of(1, 1_000)) {
            try (var each = DirectoryStore.open(root, new DirectoryStoreOptions(16, from))) {
                var group = new ArrayList<StagedObject>();
                for (int i = 0; i < 40; i++) {
                    StagedObject staged =
                            each.stage(new ObjectInfo(ObjectPath.of(from + "/" + i % 20 + "/" + i), 1, MODIFIED));
                    staged.write(0, new byte[] {'x'}, 0, 1);
                    group.add(staged);
                }
                assertThat(each.publish(group, PublishMode.CREATE_ONLY))
                        .allSatisfy(outcome -> assertThat(outcome.error()).isNull());
            }
        }
        assertThat(objects("")).hasSize(80);
        assertThat(store.head(ObjectPath.of("1/0/0")).modified()).isEqualTo(MODIFIED);
    }

    @Test
    void staging_is_there_only_while_something_is_staged() throws Exception {
        assertThat(members(root)).isEmpty();
        StagedObject first = staged("a", "x");
        StagedObject second = staged("b", "x");
        assertThat(members(root)).containsExactly(StagingArea.NAME);
        first.close();
        assertThat(members(root)).containsExactly(StagingArea.NAME);
        assertThat(store.publish(List.of(second), PublishMode.REPLACE).get(0).error())
                .isNull();
        assertThat(members(root)).containsExactly("b");
    }

    @Test
    void an_object_staged_elsewhere_is_refused() throws Exception {
        try (var other = DirectoryStore.open(outside)) {
            StagedObject foreign = other.stage(new ObjectInfo(ObjectPath.of("a"), 0, MODIFIED));
            assertThat(errorOf(store.publish(List.of(foreign), PublishMode.CREATE_ONLY)))
                    .hasMessage("a: was staged in another store");
        }
        assertThat(members(outside)).isEmpty();
    }

    @Test
    void only_what_dead_processes_left_behind_is_removed() throws Exception {
        try (var living = ForkedStore.start(root, Map.of());
                var dying = ForkedStore.start(root, Map.of())) {
            assertThat(living.ask("stage", StoreProcess.encode("a"))).isEqualTo("ok");
            assertThat(dying.ask("stage", StoreProcess.encode("b"))).isEqualTo("ok");
            StagedObject own = staged("c", "x");
            dying.kill();
            Files.writeString(root.resolve(STAGING).resolve("not-ours"), "x");
            assertThat(members(root.resolve(STAGING))).hasSize(7);

            DirectoryStore.open(root).close();

            assertThat(members(root.resolve(STAGING))).hasSize(5).contains("not-ours");
            assertThat(living.ask("publish")).isEqualTo("ok");
            assertThat(store.publish(List.of(own), PublishMode.CREATE_ONLY)
                            .get(0)
                            .error())
                    .isNull();
        }
        assertThat(objects("")).containsExactly("a", "c");
        assertThat(members(root.resolve(STAGING))).containsExactly("not-ours");
    }

    @Test
    void a_full_disk_is_told_and_usable_again_once_there_is_room() throws Exception {
        Path disk = Files.createDirectory(temporary.resolve("disk"));
        assumeThat(exitOf("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()))
                .as("skipped: a small file system can only be mounted by root")
                .isZero();
        try (var full = DirectoryStore.open(disk)) {
            StagedObject large = full.stage(new ObjectInfo(ObjectPath.of("large"), 1 << 20, MODIFIED));
            assertThat(failureOf(() -> large.write(0, new byte[1 << 20], 0, 1 << 20))
                            .error())
                    .isEqualTo(StoreError.FULL);
            assertThat(errorOf(full.publish(List.of(large), PublishMode.CREATE_ONLY))
                            .error())
                    .isEqualTo(StoreError.IO_ERROR);

            StagedObject small = full.stage(new ObjectInfo(ObjectPath.of("small"), 1_000, MODIFIED));
            small.write(0, new byte[1_000], 0, 1_000);
            assertThat(full.publish(List.of(small), PublishMode.CREATE_ONLY)
                            .get(0)
                            .error())
                    .isNull();
            assertThat(members(disk)).containsExactly("small");
        } finally {
            run("umount", disk.toString());
        }
    }

    private void put(String path, String text) throws StoreException {
        assertThat(store.publish(List.of(staged(path, text)), PublishMode.CREATE_ONLY)
                        .get(0)
                        .error())
                .isNull();
    }

    private StagedObject staged(String path, String text) throws StoreException {
        byte[] bytes = text.getBytes(UTF_8);
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of(path), bytes.length, MODIFIED));
        staged.write(0, bytes, 0, bytes.length);
        return staged;
    }

    private List<ListingEntry> entries(String prefix) throws StoreException {
        try (var listing = store.list(prefix)) {
            return listing.next(1_000);
        }
    }

    private List<String> objects(String prefix) throws StoreException {
        return entries(prefix).stream()
                .filter(ObjectInfo.class::isInstance)
                .map(entry -> ((ObjectInfo) entry).path().toString())
                .toList();
    }

    private ForkedStore startAsNobody(Path shared) throws Exception {
        assumeThat(exitOf("setpriv", "--version"))
                .as("skipped: without setpriv no other user can be tried")
                .isZero();
        return ForkedStore.startAsNobody(root, shared);
    }

    private boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(temporary, "unix:uid"));
    }

    private static StoreException failureOf(ThrowingCallable call) {
        StoreException failure = catchThrowableOfType(StoreException.class, call);
        assertThat(failure).as("should fail").isNotNull();
        return failure;
    }

    private static StoreException errorOf(List<PublishOutcome> outcomes) {
        assertThat(outcomes).hasSize(1);
        StoreException error = outcomes.get(0).error();
        if (error == null) {
            throw new AssertionError("should fail");
        }
        return error;
    }

    private static List<String> members(Path directory) throws IOException {
        try (Stream<Path> members = Files.list(directory)) {
            return members.map(member -> member.getFileName().toString()).toList();
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(exitOf(command)).as(String.join(" ", command)).isZero();
    }

    private static int exitOf(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }
}
