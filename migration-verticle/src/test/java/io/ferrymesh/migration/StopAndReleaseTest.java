package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.SignedReceipt;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import io.vertx.core.Future;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that end so that they can be begun again, and what is kept of them before anybody else learns of it. */
class StopAndReleaseTest {

    final Fixture fixture = new Fixture();
    private final Fixture.Provider source = fixture.provider();
    private final Fixture.Provider destination = fixture.provider();
    private final MigrationId id = MigrationId.random(fixture.random);
    private final byte[] key = new byte[32];
    private final MemoryJournal journal = new MemoryJournal();
    private final List<String> said = new CopyOnWriteArrayList<>();

    @TempDir
    private Path root;

    private Path from;
    private Path to;

    @BeforeEach
    void directories() throws IOException {
        from = Files.createDirectories(root.resolve("from"));
        to = Files.createDirectories(root.resolve("to"));
        for (int i = 0; i < 40; i++) {
            Files.write(from.resolve("file" + i), new byte[50_000 + i]);
        }
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void a_stopped_migration_goes_on_under_the_same_grant() throws Exception {
        fixture.offer(source, id, key, DirectoryStore.open(from));
        onFrame(12, this::stop);

        MigrationStatus stopped = fetch(destination);

        assertThat(stopped.state()).isEqualTo(MigrationState.FAILED);
        assertThat(stopped.failure()).contains(ErrorCode.CANCELLED);
        MigrationStatus waiting = fixture.over(() -> source.engine().source(id).orElseThrow());
        assertThat(waiting.state()).isEqualTo(MigrationState.FAILED);
        assertThat(waiting.failure())
                .as("what a grant shows that waits for its destination")
                .contains(ErrorCode.CANCELLED);

        fixture.network.frames = frame -> frame;
        MigrationStatus again = fetch(destination);
        assertThat(again.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(to.toFile().list()).hasSize(40);
    }

    @Test
    void a_stopped_migration_can_be_begun_elsewhere() throws Exception {
        fixture.offer(source, id, key, DirectoryStore.open(from));
        onFrame(12, this::stop);
        assertThat(fetch(destination).state()).isEqualTo(MigrationState.FAILED);

        fixture.network.frames = frame -> frame;

        assertThat(fetch(fixture.provider()).state()).isEqualTo(MigrationState.COMPLETED);
    }

    @Test
    void a_grant_that_the_cluster_has_forgotten_is_found_again() throws Exception {
        fixture.offer(source, id, key, DirectoryStore.open(from));

        fixture.network.forgetRendezvous();

        assertThat(fetch(destination).state()).isEqualTo(MigrationState.COMPLETED);
    }

    @Test
    void stopping_one_that_looks_for_its_source_and_beginning_again_leaves_one_run() throws Exception {
        begin(destination);
        Fixture.done(destination.engine().stop(id));
        assertThat(state()).isEqualTo(MigrationState.FAILED);
        begin(destination);
        assertThat(state()).isEqualTo(MigrationState.CONNECTING);
        fixture.offer(source, id, key, DirectoryStore.open(from));

        MigrationStatus status =
                fixture.over(() -> destination.engine().destination(id).orElseThrow());

        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(fixture.taken.get()).as("credentials of one handshake").isEqualTo(4);
    }

    @Test
    void one_has_stopped_when_nothing_of_it_touches_the_store() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        fixture.offer(source, id, key, DirectoryStore.open(from));
        ObjectStore slow = slow(DirectoryStore.open(to), writing, go);
        Fixture.done(destination
                .engine()
                .begin(new DestinationOrder(id, Psk.of(key), slow, Journal.none(), ReceiptLog.NONE)));
        assertThat(writing.await(60, TimeUnit.SECONDS)).isTrue();

        Future<Void> stopped = destination.engine().stop(id);
        assertThat(state()).isEqualTo(MigrationState.FAILED);
        assertThat(stopped.isComplete()).isFalse();
        assertThat(destination.engine().stop(id).isComplete()).isFalse();
        go.countDown();
        Fixture.done(stopped);

        List<String> there = List.of(Objects.requireNonNull(to.toFile().list()));
        assertThat(destination.engine().stop(id).succeeded()).isTrue();
        fixture.vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(to.toFile().list()).containsExactlyInAnyOrderElementsOf(there);
    }

    @Test
    void one_that_waits_for_the_run_before_has_stopped_when_that_touches_the_store_no_more() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        fixture.offer(source, id, key, DirectoryStore.open(from));
        ObjectStore slow = slow(DirectoryStore.open(to), writing, go);
        Fixture.done(destination
                .engine()
                .begin(new DestinationOrder(id, Psk.of(key), slow, Journal.none(), ReceiptLog.NONE)));
        assertThat(writing.await(60, TimeUnit.SECONDS)).isTrue();
        stop();
        Fixture.done(destination
                .engine()
                .begin(new DestinationOrder(id, Psk.of(key), slow, Journal.none(), ReceiptLog.NONE)));

        Future<Void> stopped = destination.engine().stop(id);

        assertThat(stopped.isComplete()).isFalse();
        go.countDown();
        Fixture.done(stopped);
    }

    /** One whose publishing says that it has begun, and waits. */
    private static ObjectStore slow(ObjectStore store, CountDownLatch writing, CountDownLatch go) {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("publish")) {
                        writing.countDown();
                        go.await();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw Objects.requireNonNull(e.getCause());
                    }
                });
    }

    private void stop() {
        Future<Void> unused = destination.engine().stop(id);
    }

    @Test
    void a_completed_migration_is_not_stopped() throws Exception {
        fixture.offer(source, id, key, DirectoryStore.open(from));
        assertThat(fetch(destination).state()).isEqualTo(MigrationState.COMPLETED);

        Fixture.done(destination.engine().stop(id));

        assertThat(state()).isEqualTo(MigrationState.COMPLETED);
    }

    @Test
    void a_grant_that_is_released_while_it_runs_is_offered_by_another_process_and_the_migration_goes_on()
            throws Exception {
        fixture.offer(source, id, key, DirectoryStore.open(from));
        onFrame(12, () -> Fixture.done(source.engine().release(id)));

        MigrationStatus broken = fetch(destination);

        assertThat(broken.failure()).as("a reason to try again").contains(ErrorCode.UNAVAILABLE);
        assertThat(source.engine().source(id)).isEmpty();
        fixture.network.frames = frame -> frame;
        fixture.offer(fixture.provider(), id, key, DirectoryStore.open(from));
        assertThat(fetch(destination).state()).isEqualTo(MigrationState.COMPLETED);
    }

    @Test
    void a_released_grant_can_be_offered_here_again() throws Exception {
        fixture.offer(source, id, key, DirectoryStore.open(from));
        Fixture.done(source.engine().release(id));
        fixture.offer(source, id, key, DirectoryStore.open(from));

        assertThat(fetch(destination).state()).isEqualTo(MigrationState.COMPLETED);
    }

    @Test
    void who_lets_go_late_does_not_hide_the_process_that_offers_now() throws Exception {
        fixture.offer(source, id, key, DirectoryStore.open(from));
        fixture.offer(fixture.provider(), id, key, DirectoryStore.open(from));

        Fixture.done(source.engine().release(id));

        assertThat(fetch(destination).state()).isEqualTo(MigrationState.COMPLETED);
    }

    @Test
    void what_became_of_every_object_is_told_before_the_receipt_is() throws Exception {
        Files.createSymbolicLink(from.resolve("link"), Path.of("file0"));
        Files.write(to.resolve("file1"), new byte[50_001]);
        Files.write(to.resolve("file2"), new byte[3]);
        offer(receipt -> said.add("source"));

        assertThat(fetch(destination).state()).isEqualTo(MigrationState.COMPLETED);

        assertThat(journal.kept().entries)
                .hasSize(41)
                .extracting(entry -> entry.result().path())
                .doesNotHaveDuplicates();
        assertThat(result("link").kind()).isEqualTo(ObjectResult.Kind.SKIPPED);
        assertThat(result("link").code()).contains("SYMBOLIC_LINK");
        assertThat(result("file1").kind()).isEqualTo(ObjectResult.Kind.PRESENT);
        assertThat(result("file2").kind()).isEqualTo(ObjectResult.Kind.FAILED);
        assertThat(result("file2").code()).contains("CONFLICT");
        assertThat(result("file3").kind()).isEqualTo(ObjectResult.Kind.STORED);
        assertThat(result("file3").sha256().orElseThrow().bytes())
                .isEqualTo(java.security.MessageDigest.getInstance("SHA-256").digest(new byte[50_003]));
        assertThat(said).containsExactly("source", "destination after 41");
    }

    @Test
    void a_receipt_that_the_source_cannot_keep_is_not_sent() throws Exception {
        offer(receipt -> {
            throw new MeshException(ErrorCode.UNAVAILABLE, "the database is away");
        });

        MigrationStatus status = fetch(destination);

        assertThat(status.failure()).contains(ErrorCode.UNAVAILABLE);
        assertThat(status.receipt()).isEmpty();
        assertThat(said).isEmpty();
    }

    @Test
    void a_destination_that_cannot_keep_the_receipt_has_not_completed_and_the_grant_stays() throws Exception {
        fixture.offer(source, id, key, DirectoryStore.open(from));
        Fixture.done(destination
                .engine()
                .begin(new DestinationOrder(id, Psk.of(key), DirectoryStore.open(to), Journal.none(), receipt -> {
                    throw new MeshException(ErrorCode.UNAVAILABLE, "the database is away");
                })));

        MigrationStatus status =
                fixture.over(() -> destination.engine().destination(id).orElseThrow());
        assertThat(status.failure()).contains(ErrorCode.UNAVAILABLE);
        assertThat(fixture.over(() -> source.engine().source(id).orElseThrow()).state())
                .isEqualTo(MigrationState.FAILED);

        assertThat(fetch(destination).state()).isEqualTo(MigrationState.COMPLETED);
    }

    @Test
    void results_that_cannot_be_kept_end_the_run() throws Exception {
        fixture.offer(source, id, key, DirectoryStore.open(from));
        Fixture.done(destination
                .engine()
                .begin(new DestinationOrder(
                        id,
                        Psk.of(key),
                        DirectoryStore.open(to),
                        new MemoryJournal(step -> {
                            throw new MeshException(ErrorCode.CANCELLED, "another process drives it");
                        }),
                        ReceiptLog.NONE)));

        MigrationStatus status =
                fixture.over(() -> destination.engine().destination(id).orElseThrow());
        assertThat(status.state()).isEqualTo(MigrationState.FAILED);
        assertThat(status.receipt()).isEmpty();
    }

    private void offer(ReceiptLog receipts) throws StoreException {
        Fixture.done(source.engine()
                .offer(new SourceOffer(
                        id,
                        Psk.of(key),
                        Fixture.voucherKey(key),
                        DirectoryStore.open(from),
                        "",
                        Fixture.NOW.plus(Duration.ofHours(1)),
                        receipts)));
    }

    private void begin(Fixture.Provider at) throws StoreException {
        Fixture.done(at.engine()
                .begin(new DestinationOrder(
                        id, Psk.of(key), DirectoryStore.open(to), journal, this::destinationKeeps)));
    }

    private MigrationStatus fetch(Fixture.Provider at) throws StoreException {
        begin(at);
        return fixture.over(() -> at.engine().destination(id).orElseThrow());
    }

    private void destinationKeeps(SignedReceipt receipt) {
        said.add("destination after " + journal.kept().entries.size());
    }

    private MigrationState state() {
        return destination.engine().destination(id).orElseThrow().state();
    }

    private ObjectResult result(String path) {
        return journal.kept().entries.stream()
                .map(JournalEntry::result)
                .filter(each -> each.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    /** Does something when so many frames have passed, and holds everything up from then on. */
    private void onFrame(int number, Runnable action) {
        AtomicInteger frames = new AtomicInteger();
        fixture.network.frames = frame -> {
            if (frames.incrementAndGet() == number) {
                fixture.vertx.runOnContext(v -> action.run());
            }
            return frames.get() < number ? frame : null;
        };
    }
}
