package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.migration.Finding.Kind;
import io.ferrymesh.migration.Finding.Severity;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.Room;
import io.ferrymesh.stores.ScopedStore;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a dry run says stands in the way, and what any other run does about it, mostly between two directories. */
class PreflightTest extends WithStores {

    /** A file that not even root may read: it is there to be written to. */
    private static final Path WRITE_ONLY = Path.of("/sys/bus/platform/drivers_probe");

    @TempDir
    private Path directory;

    private Path source;
    private ObjectStore leaving;
    private ObjectStore joining;
    private boolean mounted;

    @BeforeEach
    void stores() throws Exception {
        source = Files.createDirectories(directory.resolve("from/alice"));
        leaving = new ScopedStore(DirectoryStore.open(directory.resolve("from")), "alice");
        joining = DirectoryStore.open(Files.createDirectory(directory.resolve("to")));
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(exitOf("umount", source.resolve("locked").toString())).isZero();
        }
        joining.close();
    }

    @Test
    void a_dry_run_finds_what_cannot_be_read_named_or_fitted() throws Exception {
        Files.writeString(source.resolve("fine"), "fine");
        Files.writeString(source.resolve(".ferrymesh-staging"), "a name that the store over there has for itself");
        Files.createSymbolicLink(source.resolve("link"), source.resolve("fine"));
        lock();
        long large = sparse(source.resolve("large"));

        DryRun found = fixture.migrate(
                        leaving, joining, new OptionsFor().dryRun().build(), results)
                .destination()
                .dryRun()
                .orElseThrow();

        Preflight preflight = found.preflight();
        assertThat(preflight.findings())
                .extracting(Finding::kind, Finding::severity, Finding::objects, Finding::examples)
                .containsExactly(
                        tuple(Kind.SPACE, Severity.BLOCKS, 2L, List.of()),
                        tuple(Kind.UNREADABLE_AT_SOURCE, Severity.OBJECT_FAILS, 1L, List.of("locked")),
                        tuple(Kind.NAME_NOT_ALLOWED, Severity.OBJECT_FAILS, 1L, List.of(".ferrymesh-staging")),
                        tuple(Kind.NO_OBJECT_AT_SOURCE, Severity.WARNING, 1L, List.of("link")));
        assertThat(preflight.blocks()).isTrue();
        assertThat(preflight.freeBytes().orElseThrow()).isBetween(1L, large - 1);
        assertThat(preflight.quotaBytes()).isEmpty();
        assertThat(preflight.objectsProbed()).isEqualTo(3);
        assertThat(preflight.objectsNotProbed()).isZero();
        assertThat(found.objectsWanted()).isEqualTo(2);
        assertThat(found.bytesWanted()).isEqualTo(large + 4);
        assertThat(found.unsupportedPaths()).isEqualTo(1);
        assertThat(found.objectsFailed()).isEqualTo(1);
        assertThat(files()).isEmpty();
    }

    @Test
    void a_run_that_cannot_fit_stops_before_anything_is_moved_and_goes_on_when_there_is_room() throws Exception {
        for (int i = 0; i < 300; i++) {
            Files.writeString(source.resolve("file " + i), "content of " + i);
        }
        Path large = source.resolve("z large");
        long unused = sparse(large);
        MigrationId id = MigrationId.random(fixture.random);
        var old = fixture.provider();
        var fresh = fixture.provider();
        fixture.offer(old, id, new byte[32], leaving);

        MigrationStatus stopped = fixture.fetch(fresh, id, joining, TransferOptions.DEFAULTS, results);

        assertThat(stopped.state()).isEqualTo(MigrationState.FAILED);
        assertThat(stopped.failure()).contains(ErrorCode.DESTINATION_FULL);
        assertThat(stopped.message().orElseThrow()).contains("does not fit", "are free");
        assertThat(stopped.counts().bytesMoved()).isZero();
        assertThat(files()).isEmpty();
        assertThat(fixture.over(() -> old.engine().source(id).orElseThrow()).failure())
                .contains(ErrorCode.CANCELLED);

        Files.delete(large);
        MigrationStatus moved = fixture.fetch(fresh, id, joining, TransferOptions.DEFAULTS, results);
        assertThat(moved.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(files()).hasSize(300);
    }

    @Test
    void a_quota_that_is_too_small_is_found_and_stops_what_is_no_dry_run() {
        from.put("a", "x".repeat(60), EARLY);
        from.put("b", "x".repeat(60), EARLY);
        to.room = Room.free(1_000).withQuota(139); // each costs ten besides its bytes

        DryRun found = fixture.migrate(from, to, new OptionsFor().dryRun().build(), results)
                .destination()
                .dryRun()
                .orElseThrow();
        MigrationStatus stopped =
                fixture.migrate(from, to, TransferOptions.DEFAULTS, results).destination();
        to.room = Room.free(1_000).withQuota(140);
        MigrationStatus moved =
                fixture.migrate(from, to, TransferOptions.DEFAULTS, results).destination();

        assertThat(found.preflight().findings())
                .extracting(Finding::kind, Finding::objects, Finding::bytes)
                .containsExactly(tuple(Kind.QUOTA, 2L, 120L));
        assertThat(found.preflight().quotaBytes()).hasValue(139);
        assertThat(stopped.failure()).contains(ErrorCode.DESTINATION_FULL);
        assertThat(stopped.message().orElseThrow()).contains("140 bytes of quota are needed and 139 are left");
        assertThat(stopped.counts().bytesMoved()).isZero();
        assertThat(moved.state()).isEqualTo(MigrationState.COMPLETED);
    }

    @Test
    void what_is_there_already_needs_no_room() {
        from.put("a", "same", EARLY);
        to.put("a", "same", EARLY);
        to.room = Room.free(0).withQuota(0);

        assertThat(migrate(new OptionsFor()).counts().objectsPresent()).isEqualTo(1);
    }

    @Test
    void metadata_that_the_destination_cannot_keep_is_found_as_the_user_wants_it() {
        from.put("photo", "content", EARLY, PHOTO);
        from.put("plain", "content", EARLY);
        to.refusesMetadata = true;

        assertThat(metadata(MetadataPolicy.PREFER)).containsExactly(tuple(Severity.WARNING, List.of("photo")));
        assertThat(metadata(MetadataPolicy.REQUIRE)).containsExactly(tuple(Severity.OBJECT_FAILS, List.of("photo")));
        assertThat(metadata(MetadataPolicy.IGNORE)).isEmpty();
    }

    @Test
    void of_a_remote_source_with_many_objects_not_all_are_tried_and_that_is_said() {
        for (int i = 0; i < 500; i++) {
            from.put("file " + i, "x", EARLY);
        }

        Preflight preflight = fixture.migrate(
                        from, to, new OptionsFor().dryRun().build(), results)
                .destination()
                .dryRun()
                .orElseThrow()
                .preflight();

        assertThat(preflight.objectsProbed()).isEqualTo(104);
        assertThat(preflight.objectsNotProbed()).isEqualTo(396);
    }

    private List<org.assertj.core.groups.Tuple> metadata(MetadataPolicy policy) {
        OptionsFor options = new OptionsFor().with(policy).dryRun();
        return fixture
                .migrate(from, to, options.build(), results)
                .destination()
                .dryRun()
                .orElseThrow()
                .preflight()
                .findings()
                .stream()
                .filter(finding -> finding.kind() == Kind.METADATA_UNSUPPORTED)
                .map(finding -> tuple(finding.severity(), finding.examples()))
                .toList();
    }

    /** Puts something there that this process may not read, whoever it is. */
    private void lock() throws Exception {
        Path locked = Files.createFile(
                source.resolve("locked"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
        if (Files.isReadable(locked)) {
            assumeThat(exitOf("mount", "--bind", WRITE_ONLY.toString(), locked.toString()))
                    .as("skipped: nothing that root may not read can be put there")
                    .isZero();
            mounted = true;
        }
    }

    /** Makes a file that is larger than what is free, and takes next to nothing. */
    private static long sparse(Path file) throws Exception {
        long size = Files.getFileStore(file.getParent()).getUsableSpace() + (1L << 30);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(size);
        }
        return size;
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> all = Files.walk(directory.resolve("to"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static int exitOf(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
