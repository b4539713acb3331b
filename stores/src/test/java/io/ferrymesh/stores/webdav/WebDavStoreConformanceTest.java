package io.ferrymesh.stores.webdav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ObjectStoreConformance;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store over a real nginx. */
class WebDavStoreConformanceTest extends ObjectStoreConformance {

    @TempDir
    Path spool;

    private final Optional<Path> collection = NginxServer.shared().map(WebDavStoreConformanceTest::newCollection);

    @BeforeAll
    static void needsServer() {
        assumeThat(NginxServer.shared()).isPresent();
    }

    @Override
    protected ObjectStore open() throws StoreException {
        return WebDavStore.open(options(65_536));
    }

    @Override
    protected ObjectStore openWithSmallPages() throws StoreException {
        return WebDavStore.open(options(40_000));
    }

    @Override
    protected Instant kept(Instant modified) {
        return modified.truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    protected boolean keepsDirectoryTimes() {
        return false;
    }

    @Override
    protected boolean keepsStaged() {
        return false;
    }

    /** But for the directories that go when the store closes. */
    @Override
    protected boolean nothingIsStaged() throws IOException {
        try (Stream<Path> staged = Files.walk(directory())) {
            return staged.noneMatch(path -> path.toString().contains(Staging.NAME) && Files.isRegularFile(path))
                    && isEmpty(spool);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> members = Files.list(directory)) {
            return members.findAny().isEmpty();
        }
    }

    @Override
    protected void fill(List<String> paths) throws Exception {
        makeFiles(directory(), paths);
    }

    /** This server does not list others. */
    @Override
    protected boolean canHold(String path) {
        return !("/" + path).contains("/.");
    }

    @Override
    protected boolean removesDirectoriesLeftEmpty() {
        return false;
    }

    @Override
    protected boolean keepsMetadata() {
        return false;
    }

    @Test
    void an_object_is_a_file_of_the_server() throws Exception {
        put("a/b c%41", random(3));

        assertThat(directory().resolve("a/b c%41")).hasBinaryContent(random(3));
        assertThat(Files.getLastModifiedTime(directory().resolve("a/b c%41")).toInstant())
                .isEqualTo(kept(MODIFIED));
    }

    @Test
    void nothing_stays_in_staging_or_in_the_spool() throws Exception {
        put("a", random(100_000));
        staged("b", random(100_000), MODIFIED).close();
        store.stage(new ObjectInfo(ObjectPath.of("c"), 100_000, MODIFIED)).close();

        store.close();

        assertThat(directory().resolve(Staging.NAME)).isEmptyDirectory();
        assertThat(spool).isEmptyDirectory();
        store = open();
        assertThat(listed("")).containsExactly("a");
    }

    @Test
    void staging_that_was_abandoned_long_ago_is_removed() throws Exception {
        Path old = Files.createDirectories(directory().resolve(Staging.NAME).resolve("0123456789abcdef"));
        Path recent = Files.createDirectories(directory().resolve(Staging.NAME).resolve("fedcba9876543210"));
        Path other = Files.createDirectories(directory().resolve(Staging.NAME).resolve("other"));
        for (Path each : List.of(old, recent, other, directory().resolve(Staging.NAME))) {
            Path unused = Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        for (Path each : List.of(old, other)) {
            Path unused =
                    Files.setLastModifiedTime(each, FileTime.from(Instant.now().minus(8, ChronoUnit.DAYS)));
        }

        open().close();

        assertThat(old).doesNotExist();
        assertThat(recent).exists();
        assertThat(other).exists();
    }

    @Test
    void a_place_that_is_not_there_is_told_when_opening() throws Exception {
        URI missing = URI.create(uri() + "missing");
        assertThat(failure(() -> WebDavStore.open(WebDavStoreOptions.of(missing, Optional.empty()))))
                .hasMessage("the store's root: is no collection of the server")
                .extracting("error")
                .isEqualTo(StoreError.NOT_FOUND);
        put("file", random(1));
        assertFails(
                StoreError.NOT_FOUND,
                () -> WebDavStore.open(WebDavStoreOptions.of(URI.create(uri() + "file"), Optional.empty())));
    }

    @Test
    void a_directory_in_the_way_of_a_file_and_a_file_in_the_way_of_a_directory_are_conflicts() throws Exception {
        put("file", random(1));
        put("dir/file", random(1));

        for (var mode : PublishMode.values()) {
            assertThat(publish(
                            mode,
                            staged("file/a/b", random(2), MODIFIED),
                            staged("dir", random(2), MODIFIED),
                            staged("file/", new byte[0], MODIFIED),
                            staged("dir/", new byte[0], MODIFIED)))
                    .containsExactly(StoreError.EXISTS, StoreError.EXISTS, StoreError.EXISTS, null);
        }
        assertThat(listed("")).containsExactly("dir/file", "file");
    }

    @Test
    void a_file_that_may_not_be_read_is_told() throws Exception {
        put("a", random(10));
        try (Stream<Path> files = Files.list(directory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path unused = Files.setPosixFilePermissions(file, Set.of());
            }
        }

        try (var reader = store.open(ObjectPath.of("a"))) {
            assertFails(StoreError.NOT_READABLE, () -> reader.read(0, new byte[10], 0, 10));
        }
    }

    private WebDavStoreOptions options(int listingEntries) {
        WebDavStoreOptions usual = WebDavStoreOptions.of(uri(), Optional.empty());
        return new WebDavStoreOptions(
                usual.base(),
                usual.login(),
                usual.connectTimeout(),
                usual.answerTimeout(),
                usual.maxConnections(),
                spool,
                listingEntries,
                usual.retries());
    }

    private URI uri() {
        return NginxServer.shared().orElseThrow().uriOf(directory());
    }

    private Path directory() {
        return collection.orElseThrow();
    }

    private static Path newCollection(NginxServer server) {
        try {
            return server.newCollection();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
