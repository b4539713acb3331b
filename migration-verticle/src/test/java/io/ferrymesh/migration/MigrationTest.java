package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.Validity;
import io.ferrymesh.stores.directory.DirectoryStore;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole migrations between two engines over a network that the test has its hands on. */
class MigrationTest {

    final Fixture fixture = new Fixture();

    @TempDir
    private Path root;

    private Path from;
    private Path to;

    @BeforeEach
    void directories() throws IOException {
        from = Files.createDirectories(root.resolve("from"));
        to = Files.createDirectories(root.resolve("to"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void everything_arrives_with_its_time_and_both_hold_the_receipt() throws Exception {
        fill(300);
        var source = fixture.provider();

        MigrationStatus status = fixture.migrate(source, from, fixture.provider(), to);

        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(contents(to)).isEqualTo(contents(from));
        assertThat(status.counts().objectsStored()).isEqualTo(304);
        assertThat(status.counts().bytesDone()).isEqualTo(status.counts().bytesListed());
        assertThat(status.receipt().orElseThrow().verify(fixture.master.publicKey()))
                .isTrue();
        assertThat(status.receipt().orElseThrow().receipt().objects()).isEqualTo(304);
        MigrationStatus other =
                fixture.over(() -> source.engine().source(status.id()).orElseThrow());
        assertThat(other.receipt()).isEqualTo(status.receipt());
        assertThat(other.peer()).isEqualTo(status.own());
    }

    @Test
    void what_has_completed_is_begun_again_when_its_grant_is_offered_again() throws Exception {
        MigrationId id = MigrationId.random(fixture.random);
        var source = fixture.provider();
        var destination = fixture.provider();
        Files.writeString(from.resolve("a"), "first");
        fixture.offer(source, id, new byte[32], DirectoryStore.open(from));
        MigrationStatus first = fixture.fetch(destination, id, new byte[32], DirectoryStore.open(to));
        assertThat(first.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(fixture.over(() -> source.engine().source(id).orElseThrow()).state())
                .isEqualTo(MigrationState.COMPLETED);

        Fixture.done(source.engine().release(id));
        Files.writeString(from.resolve("b"), "second");
        fixture.offer(source, id, new byte[32], DirectoryStore.open(from));
        MigrationStatus second = fixture.fetch(destination, id, new byte[32], DirectoryStore.open(to));

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(second.counts().objectsPresent()).isEqualTo(1);
        assertThat(second.counts().objectsStored()).isEqualTo(1);
        assertThat(second.receipt().orElseThrow().receipt().objects()).isEqualTo(2);
    }

    @Test
    void an_empty_store_is_a_migration_of_nothing() throws Exception {
        MigrationStatus status = fixture.migrate(fixture.provider(), from, fixture.provider(), to);

        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(status.receipt().orElseThrow().receipt().objects()).isZero();
    }

    @Test
    void an_object_of_several_segments_arrives() throws Exception {
        byte[] content = new byte[Segments.BYTES * 2 + 12_345];
        new Random(7).nextBytes(content);
        Files.write(from.resolve("large"), content);

        MigrationStatus status = fixture.migrate(fixture.provider(), from, fixture.provider(), to);

        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(Files.mismatch(from.resolve("large"), to.resolve("large"))).isEqualTo(-1);
    }

    @Test
    void a_second_run_moves_nothing_and_ends_with_the_same_root() throws Exception {
        fill(50);
        MigrationStatus first = fixture.migrate(fixture.provider(), from, fixture.provider(), to);

        MigrationStatus second = fixture.migrate(fixture.provider(), from, fixture.provider(), to);

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(second.counts().objectsPresent()).isEqualTo(54);
        assertThat(second.counts().objectsStored()).isZero();
        assertThat(second.root()).isEqualTo(first.root());
    }

    @Test
    void an_object_that_differs_at_the_destination_stays_as_it_is_and_is_reported() throws Exception {
        Files.writeString(from.resolve("same size"), "source");
        Files.writeString(to.resolve("same size"), "target");
        Files.writeString(from.resolve("other size"), "source");
        Files.writeString(to.resolve("other size"), "a longer target");
        Files.writeString(from.resolve("fine"), "fine");

        MigrationStatus status = fixture.migrate(fixture.provider(), from, fixture.provider(), to);

        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(status.problems())
                .extracting(Problem::name, Problem::code)
                .containsExactlyInAnyOrder(
                        org.assertj.core.api.Assertions.tuple("same size", "CONFLICT"),
                        org.assertj.core.api.Assertions.tuple("other size", "CONFLICT"));
        assertThat(to.resolve("same size")).hasContent("target");
        assertThat(to.resolve("other size")).hasContent("a longer target");
        assertThat(to.resolve("fine")).hasContent("fine");
        assertThat(status.receipt().orElseThrow().receipt().objects()).isEqualTo(1);
    }

    @Test
    void links_are_skipped_and_listed() throws Exception {
        Files.writeString(from.resolve("file"), "content");
        Files.createSymbolicLink(from.resolve("link"), Path.of("file"));

        MigrationStatus status = fixture.migrate(fixture.provider(), from, fixture.provider(), to);

        assertThat(status.counts().objectsSkipped()).isEqualTo(1);
        assertThat(status.problems()).containsExactly(new Problem("link", "SYMBOLIC_LINK", false));
        assertThat(to.resolve("link")).doesNotExist();
    }

    @Test
    void an_object_that_changes_while_it_is_read_is_reported_and_the_rest_arrives() throws Exception {
        Files.write(from.resolve("a"), new byte[400_000]);
        Files.writeString(from.resolve("b"), "stays");
        AtomicInteger frames = new AtomicInteger();
        fixture.network.frames = frame -> {
            if (frames.incrementAndGet() == 1) {
                touch(from.resolve("a"));
            }
            return frame;
        };

        TransferOptions options =
                new OptionsFor().with(SourceChangedPolicy.FAIL).build();
        MigrationStatus status = fixture.migrate(
                        DirectoryStore.open(from), DirectoryStore.open(to), options, new java.util.ArrayList<>())
                .destination();

        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(status.problems()).containsExactly(new Problem("a", "SOURCE_CHANGED", true));
        assertThat(to.resolve("a")).doesNotExist();
        assertThat(to.resolve("b")).hasContent("stays");
    }

    @Test
    void another_key_finds_nobody_and_the_wrong_key_at_the_right_place_is_refused() throws Exception {
        MigrationId id = MigrationId.random(fixture.random);
        var options =
                new EngineOptions(1, 4L << 20, 2, java.time.Duration.ofMillis(1), 4, java.time.Duration.ofHours(1));
        var source = fixture.provider();
        fixture.offer(source, id, new byte[32], DirectoryStore.open(from));
        byte[] wrong = new byte[32];
        wrong[31] = 1;

        MigrationStatus elsewhere =
                fixture.fetch(fixture.provider(fixture.master, options), id, wrong, DirectoryStore.open(to));
        assertThat(elsewhere.failure()).contains(ErrorCode.GRANT_UNKNOWN);

        int before = fixture.taken.get();
        try (Psk psk = Psk.of(new byte[32])) {
            byte[] rendezvous = io.ferrymesh.scheme.Rendezvous.address(psk, id).bytes();
            byte[] forged = new byte[50];
            forged[0] = 2;
            assertThat(Fixture.await(fixture.network
                            .join()
                            .peer(source.node().address())
                            .request(Wire.HELLO, Wire.encode(rendezvous, forged))
                            .recover(e -> io.vertx.core.Future.succeededFuture(Buffer.buffer(
                                    ((io.ferrymesh.mesh.MeshException) e).code().name())))))
                    .hasToString("HANDSHAKE_REFUSED");
        }
        assertThat(fixture.taken.get()).as("credentials spent on a stranger").isEqualTo(before);
        assertThat(source.engine().refusals().count(Refusals.Reason.NO_KEY)).isEqualTo(1);
        assertThat(source.engine().refused(id))
                .as("what the grant's user is told of")
                .isEqualTo(1);
    }

    @Test
    void a_provider_of_another_key_centre_is_refused() throws Exception {
        var stranger = fixture.provider(MasterKey.generate(fixture.random), EngineOptions.defaults());

        MigrationStatus status = fixture.migrate(fixture.provider(), from, stranger, to);

        assertThat(status.failure()).contains(ErrorCode.HANDSHAKE_REFUSED);
    }

    @Test
    void expired_certificates_are_refused() throws Exception {
        long now = Fixture.NOW.getEpochSecond();
        fixture.validity = new Validity(now - 60, now - 1);

        MigrationStatus status = fixture.migrate(fixture.provider(), from, fixture.provider(), to);

        assertThat(status.failure()).contains(ErrorCode.HANDSHAKE_REFUSED);
    }

    @Test
    void a_revoked_source_is_refused_and_nothing_is_listed() throws Exception {
        fill(3);
        MigrationId id = MigrationId.random(fixture.random);
        var source = fixture.provider();
        fixture.offer(source, id, new byte[32], DirectoryStore.open(from));
        fixture.network.requests = request -> {
            revokeEverybody();
            return request;
        };

        MigrationStatus status = fixture.fetch(fixture.provider(), id, new byte[32], DirectoryStore.open(to));

        assertThat(status.failure()).contains(ErrorCode.HANDSHAKE_REFUSED);
        assertThat(status.counts().objectsListed()).isZero();
    }

    @Test
    void a_replayed_first_message_is_refused() throws Exception {
        Buffer[] first = new Buffer[1];
        fixture.network.requests = request -> {
            first[0] = first[0] == null ? request.copy() : first[0];
            return request;
        };
        var source = fixture.provider();
        assertThat(fixture.migrate(source, from, fixture.provider(), to).state())
                .isEqualTo(MigrationState.COMPLETED);

        var replay = fixture.network.join().peer(source.node().address()).request(Wire.HELLO, first[0]);

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Fixture.done(replay))
                .hasMessage("handshake refused");
    }

    @Test
    void a_forged_frame_ends_the_migration_and_nothing_of_it_becomes_visible() throws Exception {
        Files.write(from.resolve("a"), new byte[3_000_000]);
        AtomicInteger frames = new AtomicInteger();
        fixture.network.frames = frame -> frames.incrementAndGet() == 10
                ? frame.copy().setByte(frame.length() / 2, (byte) (frame.getByte(frame.length() / 2) ^ 1))
                : frame;

        MigrationStatus status = fixture.migrate(fixture.provider(), from, fixture.provider(), to);

        assertThat(status.state()).isEqualTo(MigrationState.FAILED);
        assertThat(status.failure()).contains(ErrorCode.INVALID_MESSAGE);
        assertThat(to.resolve("a")).doesNotExist();
    }

    @Test
    void a_replayed_frame_ends_the_migration() throws Exception {
        Files.write(from.resolve("a"), new byte[3_000_000]);
        Buffer[] seen = new Buffer[1];
        AtomicInteger frames = new AtomicInteger();
        fixture.network.frames = frame -> {
            int number = frames.incrementAndGet();
            seen[0] = number == 9 ? frame : seen[0];
            return number > 12 && frame.length() == seen[0].length() ? seen[0] : frame;
        };

        MigrationStatus status = fixture.migrate(fixture.provider(), from, fixture.provider(), to);

        assertThat(status.failure()).contains(ErrorCode.INVALID_MESSAGE);
        assertThat(to.resolve("a")).doesNotExist();
    }

    @Test
    void a_source_that_dies_is_noticed_and_the_destination_can_be_started_again() throws Exception {
        fill(100);
        MigrationId id = MigrationId.random(fixture.random);
        var source = fixture.provider();
        fixture.offer(source, id, new byte[32], DirectoryStore.open(from));
        AtomicInteger frames = new AtomicInteger();
        fixture.network.frames = frame -> {
            if (frames.incrementAndGet() == 8) {
                Fixture.done(source.node().close());
            }
            return frame;
        };
        var destination = fixture.provider();

        MigrationStatus broken = fixture.fetch(destination, id, new byte[32], DirectoryStore.open(to));
        assertThat(broken.failure()).contains(ErrorCode.PEER_LOST);

        fixture.network.frames = frame -> frame;
        fixture.offer(fixture.provider(), id, new byte[32], DirectoryStore.open(from));
        MigrationStatus again = fixture.fetch(destination, id, new byte[32], DirectoryStore.open(to));
        assertThat(again.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(contents(to)).isEqualTo(contents(from));
    }

    @Test
    void a_receipt_lost_on_its_way_leaves_both_able_to_run_again() throws Exception {
        MigrationId id = MigrationId.random(fixture.random);
        var source = fixture.provider();
        var destination = fixture.provider();
        fixture.offer(source, id, new byte[32], DirectoryStore.open(from));
        AtomicInteger frames = new AtomicInteger();
        // The listing's end, the destination's receipt, and then the source's.
        fixture.network.frames = frame -> frames.incrementAndGet() == 3
                ? frame.copy().setByte(frame.length() - 1, (byte) (frame.getByte(frame.length() - 1) ^ 1))
                : frame;

        MigrationStatus broken = fixture.fetch(destination, id, new byte[32], DirectoryStore.open(to));
        assertThat(broken.failure()).contains(ErrorCode.INVALID_MESSAGE);
        MigrationStatus other = fixture.over(() -> source.engine().source(id).orElseThrow());
        assertThat(other.state()).isEqualTo(MigrationState.FAILED);
        assertThat(other.receipt()).as("evidence that it signed").isPresent();

        MigrationStatus again = fixture.fetch(destination, id, new byte[32], DirectoryStore.open(to));
        assertThat(again.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(fixture.over(() -> source.engine().source(id).orElseThrow()).receipt())
                .isEqualTo(again.receipt());
    }

    @Test
    void a_peer_that_is_revoked_while_objects_flow_gets_no_receipt() throws Exception {
        fill(20);
        AtomicInteger frames = new AtomicInteger();
        fixture.network.frames = frame -> {
            if (frames.incrementAndGet() == 1) {
                revokeEverybody();
            }
            return frame;
        };

        MigrationStatus status = fixture.migrate(fixture.provider(), from, fixture.provider(), to);

        assertThat(status.failure()).contains(ErrorCode.REVOKED);
        assertThat(status.receipt()).isEmpty();
    }

    @Test
    void a_finished_migration_finds_nobody_any_more_unless_its_grant_is_let_go_of() throws Exception {
        MigrationId id = MigrationId.random(fixture.random);
        var options =
                new EngineOptions(1, 4L << 20, 2, java.time.Duration.ofMillis(1), 4, java.time.Duration.ofHours(1));
        var source = fixture.provider();
        var destination = fixture.provider(fixture.master, options);
        fixture.offer(source, id, new byte[32], DirectoryStore.open(from));
        MigrationStatus done = fixture.fetch(destination, id, new byte[32], DirectoryStore.open(to));
        assertThat(done.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(fixture.over(() -> source.engine().source(id).orElseThrow()).state())
                .isEqualTo(MigrationState.COMPLETED);

        MigrationStatus again = fixture.fetch(destination, id, new byte[32], DirectoryStore.open(to));
        assertThat(again.state()).isEqualTo(MigrationState.FAILED);
        assertThat(again.failure().orElseThrow()) // nobody, or who is just taking the grant away
                .isIn(ErrorCode.GRANT_UNKNOWN, ErrorCode.HANDSHAKE_REFUSED);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> fixture.offer(source, id, new byte[32], DirectoryStore.open(from)))
                .hasMessageContaining("by that id");
    }

    @Test
    void attempts_that_come_to_nothing_cost_credentials_once() throws Exception {
        fill(3);
        MigrationId id = MigrationId.random(fixture.random);
        fixture.offer(fixture.provider(), id, new byte[32], DirectoryStore.open(from));
        fixture.network.frames =
                frame -> frame.copy().setByte(frame.length() - 1, (byte) ~frame.getByte(frame.length() - 1));
        var destination = fixture.provider();
        assertThat(fixture.fetch(destination, id, new byte[32], DirectoryStore.open(to))
                        .failure())
                .isPresent();
        int taken = fixture.taken.get();

        for (int i = 0; i < 3; i++) {
            assertThat(fixture.fetch(destination, id, new byte[32], DirectoryStore.open(to))
                            .state())
                    .isEqualTo(MigrationState.FAILED);
        }
        assertThat(fixture.taken.get()).isEqualTo(taken);

        fixture.pass(java.time.Duration.ofMinutes(49)); // less than a quarter of their hour is left
        fixture.network.frames = frame -> frame;
        MigrationStatus done = fixture.fetch(destination, id, new byte[32], DirectoryStore.open(to));
        assertThat(done.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(fixture.taken.get()).as("others, that last").isEqualTo(taken + 2);
    }

    @Test
    void a_withdrawn_grant_is_gone() throws Exception {
        MigrationId id = MigrationId.random(fixture.random);
        var source = fixture.provider();
        fixture.offer(source, id, new byte[32], DirectoryStore.open(from));
        Fixture.done(source.engine().withdraw(id));
        var options =
                new EngineOptions(1, 4L << 20, 2, java.time.Duration.ofMillis(1), 4, java.time.Duration.ofHours(1));

        MigrationStatus status =
                fixture.fetch(fixture.provider(fixture.master, options), id, new byte[32], DirectoryStore.open(to));

        assertThat(status.failure()).contains(ErrorCode.GRANT_UNKNOWN);
        assertThat(source.engine().source(id).orElseThrow().state()).isEqualTo(MigrationState.CANCELLED);
    }

    private void revokeEverybody() {
        for (int serial = 1; serial < 20; serial++) {
            fixture.revoked.add(fixture.pseudonym(serial));
        }
    }

    private void fill(int files) throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < files; i++) {
            Path file = from.resolve("d%d/e/file %d".formatted(i % 7, i));
            Files.createDirectories(file.getParent());
            byte[] content = new byte[random.nextInt(20_000)];
            random.nextBytes(content);
            Files.write(file, content);
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_500_000_000L + i, 123_456_000)));
        }
        Files.createDirectories(from.resolve("empty/directory"));
        Files.write(from.resolve("empty file"), new byte[0]);
        Files.writeString(from.resolve("newline\nand ü"), "odd");
        Files.writeString(from.resolve("n".repeat(255)), "long");
    }

    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Every path below a directory with its content and time. */
    private static Map<String, String> contents(Path directory) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String name = directory.relativize(path).toString();
                contents.put(
                        name,
                        Files.isDirectory(path)
                                ? "directory"
                                : Files.getLastModifiedTime(path)
                                        + new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }
}
