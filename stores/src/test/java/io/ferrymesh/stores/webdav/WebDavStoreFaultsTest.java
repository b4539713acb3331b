package io.ferrymesh.stores.webdav;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.RetryPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real nginx behind something that spoils requests. */
class WebDavStoreFaultsTest {

    private static final Instant MODIFIED = Instant.parse("2001-02-03T04:05:06Z");
    private static final Duration ANSWER_TIMEOUT = Duration.ofMillis(800);
    private static final RetryPolicy QUICK =
            new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(2));

    @TempDir
    Path spool;

    private final AtomicInteger retries = new AtomicInteger();
    private Path directory;
    private UnreliableServer server;
    private WebDavStore store;

    @BeforeAll
    static void needsServer() {
        assumeThat(NginxServer.shared()).isPresent();
    }

    @BeforeEach
    void openStore() throws Exception {
        NginxServer nginx = NginxServer.shared().orElseThrow();
        directory = nginx.newCollection();
        server = new UnreliableServer(nginx.uriOf(directory));
        store = WebDavStore.open(options(ANSWER_TIMEOUT), (operation, error) -> retries.incrementAndGet());
    }

    @AfterEach
    void closeStore() {
        store.close();
        server.close();
    }

    @Test
    void a_collection_that_goes_while_it_is_listed_is_said_to_have_gone() throws Exception {
        put("docs/a", 1);
        put("z", 1);
        server.before("PROPFIND", () -> {});
        server.before("PROPFIND", () -> {
            try {
                Files.move(directory.resolve("docs"), directory.resolveSibling(directory.getFileName() + "-moved"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        List<ListingEntry> all = entries("");

        assertThat(all).contains(new Skipped("docs/", Skipped.Reason.UNREADABLE));
        assertThat(all).filteredOn(ObjectInfo.class::isInstance).hasSize(1);
    }

    @Test
    void what_may_not_be_read_above_a_prefix_is_told() throws Exception {
        put("docs/deep/a", 1);
        server.before("PROPFIND", () -> {});
        server.spoil("PROPFIND", 1, UnreliableServer.status(403));

        assertThat(entries("docs/deep/")).containsExactly(new Skipped("docs/", Skipped.Reason.UNREADABLE));
    }

    @Test
    void an_answer_about_nothing_does_not_say_that_nothing_is_there() throws Exception {
        put("docs/a", 1);
        server.spoil("PROPFIND", 3, (exchange, real) -> {
            byte[] nothing = "<D:multistatus xmlns:D=\"DAV:\"/>".getBytes(UTF_8);
            exchange.sendResponseHeaders(207, nothing.length);
            exchange.getResponseBody().write(nothing);
        });

        assertThat(catchThrowableOfType(StoreException.class, () -> entries("docs/")))
                .isNotNull();
    }

    private List<ListingEntry> entries(String prefix) throws StoreException {
        try (ObjectListing listing = store.list(prefix)) {
            return listing.next(100);
        }
    }

    @Test
    void what_may_be_gone_the_next_time_is_tried_again() throws Exception {
        for (String method : List.of("PUT", "MOVE", "PROPFIND", "GET", "DELETE")) {
            server.spoil(method, 1, UnreliableServer.status(503));
            server.spoil(method, 1, UnreliableServer.status(500));
        }

        put("a/b", 100_000);
        assertThat(get("a/b")).isEqualTo(bytes(100_000));
        store.delete(ObjectPath.of("a/b"));

        assertThat(retries).hasValueGreaterThanOrEqualTo(10);
        assertThat(catchThrowableOfType(StoreException.class, () -> store.head(ObjectPath.of("a/b"))))
                .hasMessage("a/b: not found");
    }

    @Test
    void a_server_that_wants_less_is_left_alone_as_long_as_it_says() throws Exception {
        put("a", 10);
        server.spoil("GET", 1, UnreliableServer.status(429, "Retry-After", "1"));

        long start = System.nanoTime();
        assertThat(get("a")).hasSize(10);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_failure_that_stays_is_told_by_its_kind() throws Exception {
        put("a", 10);

        assertThat(afterEvery("GET", UnreliableServer.status(429), () -> get("a")))
                .isEqualTo(StoreError.THROTTLED);
        assertThat(afterEvery("GET", UnreliableServer.status(503, "Retry-After", "0"), () -> get("a")))
                .isEqualTo(StoreError.THROTTLED);
        assertThat(afterEvery("GET", UnreliableServer.status(503), () -> get("a")))
                .isEqualTo(StoreError.UNAVAILABLE);
        assertThat(afterEvery("GET", UnreliableServer.status(500), () -> get("a")))
                .isEqualTo(StoreError.IO_ERROR);
        assertThat(afterEvery("GET", UnreliableServer.status(403), () -> get("a")))
                .isEqualTo(StoreError.NOT_READABLE);
        assertThat(afterEvery("PUT", UnreliableServer.status(403), () -> put("b", 10)))
                .isEqualTo(StoreError.NOT_WRITABLE);
        assertThat(afterEvery("PUT", UnreliableServer.status(507), () -> put("b", 10)))
                .isEqualTo(StoreError.FULL);
        assertThat(afterEvery("MOVE", UnreliableServer.status(507), () -> put("b", 10)))
                .isEqualTo(StoreError.FULL);
        assertThat(afterEvery("PROPFIND", UnreliableServer.status(401), () -> get("a")))
                .isEqualTo(StoreError.NOT_READABLE);
    }

    @Test
    void a_server_that_falls_silent_is_given_up_in_time() throws Exception {
        put("a", 10);

        assertThat(afterEvery("GET", server.silence(), () -> get("a"))).isEqualTo(StoreError.UNAVAILABLE);
        assertThat(get("a")).hasSize(10);
    }

    @Test
    void what_came_short_is_read_again() throws Exception {
        put("a", 300_000);
        for (int bytes : new int[] {0, 1, 250_000}) {
            server.spoil("GET", 1, UnreliableServer.cutShort(bytes));
            assertThat(get("a")).isEqualTo(bytes(300_000));
        }
    }

    @Test
    void a_listing_that_breaks_off_is_asked_for_again() throws Exception {
        put("a", 1);
        put("b", 1);
        put("c", 1);
        server.spoil("PROPFIND", 2, UnreliableServer.cutShort(700));

        try (var listing = store.list("")) {
            assertThat(listing.next(10))
                    .extracting(entry -> ((ObjectInfo) entry).path().toString())
                    .containsExactly("a", "b", "c");
        }
    }

    @Test
    void a_publication_whose_answer_was_lost_is_one() throws Exception {
        server.spoil("MOVE", 1, UnreliableServer.lostAnswer());
        put("a", 10);

        assertThat(get("a")).isEqualTo(bytes(10));
        assertThat(server.seen("MOVE")).isEqualTo(2);
    }

    @Test
    void a_deletion_whose_answer_was_lost_is_one() throws Exception {
        put("a", 10);
        server.spoil("DELETE", 1, UnreliableServer.lostAnswer());

        store.delete(ObjectPath.of("a"));

        assertThat(server.seen("DELETE")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void an_upload_that_fails_half_way_leaves_nothing() throws Exception {
        StoreError error = afterEvery("PUT", UnreliableServer.status(502), () -> put("a", 200_000));

        assertThat(error).isEqualTo(StoreError.UNAVAILABLE);
        try (var listing = store.list("")) {
            assertThat(listing.next(10)).isEmpty();
        }
        assertThat(spool).isEmptyDirectory();
    }

    @Test
    void what_somebody_puts_into_a_directory_just_as_it_is_deleted_is_put_back() throws Exception {
        StagedObject empty = store.stage(new ObjectInfo(ObjectPath.of("a/d/"), 0, MODIFIED));
        assertThat(store.publish(List.of(empty), PublishMode.CREATE_ONLY).get(0).error())
                .isNull();
        server.before("MOVE", () -> write(directory.resolve("a/d/theirs")));

        StoreException failure = catchThrowableOfType(StoreException.class, () -> store.delete(ObjectPath.of("a/d/")));

        assertThat(failure).hasMessage("a/d/: is not empty, so it is no object");
        assertThat(directory.resolve("a/d/theirs")).hasContent("theirs");
    }

    /** Accounts share a store by the first part of their objects' paths. */
    @Test
    void nobody_waits_while_what_another_account_puts_is_told_apart_from_what_is_there() throws Exception {
        try (WebDavStore patient = WebDavStore.open(options(Duration.ofMinutes(1)))) {
            put(patient, "alice/a", 1_000);
            AtomicBoolean waited = new AtomicBoolean(true);
            server.before(
                    "GET",
                    () -> waited.set(
                            !isDone(() -> changeAll(patient, "bob")) || !isDone(() -> changeAll(patient, "alice"))));
            put(patient, "alice/a", 1_000);
            assertThat(server.seen("GET")).isPositive(); // it was read back
            assertThat(waited).isFalse();
            assertThat(get("alice/a")).isEqualTo(bytes(1_000));
        }
    }

    @Test
    void nobody_waits_while_an_object_or_a_directory_of_another_account_is_deleted() throws Exception {
        try (WebDavStore patient = WebDavStore.open(options(Duration.ofMinutes(1)))) {
            put(patient, "alice/only", 10);
            put(patient, "alice/empty/", 0);
            List<Boolean> waited = new CopyOnWriteArrayList<>();
            server.before("DELETE", () -> waited.add(!isDone(() -> changeAll(patient, "bob"))));
            patient.delete(ObjectPath.of("alice/only"));
            // an empty collection is moved aside to be deleted
            server.before("MOVE", () -> waited.add(!isDone(() -> changeAll(patient, "bob"))));
            patient.delete(ObjectPath.of("alice/empty/"));
            assertThat(waited).containsExactly(false, false);
        }
    }

    @Test
    void what_is_there_by_the_time_it_is_put_is_told_apart_too() throws Exception {
        put("a", 1_000);
        String first = store.details(ObjectPath.of("a")).etag();
        AtomicReference<String> second = new AtomicReference<>("");
        server.before("GET", () -> {
            try (WebDavStore other = WebDavStore.open(options(Duration.ofMinutes(1)))) {
                put(other, "a", 1_000);
                second.set(other.details(ObjectPath.of("a")).etag());
            } catch (StoreException e) {
                throw new AssertionError(e);
            }
        });
        try (WebDavStore patient = WebDavStore.open(options(Duration.ofMinutes(1)))) {
            put(patient, "a", 1_000);
        }
        assertThat(List.of(
                        first, second.get(), store.details(ObjectPath.of("a")).etag()))
                .doesNotHaveDuplicates();
    }

    private static boolean isDone(Change change) {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            return thread.submit(() -> {
                        change.run();
                        return true;
                    })
                    .get(15, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            thread.shutdown();
        }
    }

    /** What somebody does to their objects. */
    private interface Change {
        void run() throws StoreException;
    }

    private static void changeAll(WebDavStore store, String account) throws StoreException {
        put(store, account + "/x/y", 10);
        store.delete(ObjectPath.of(account + "/x/y"));
    }

    private static void put(WebDavStore store, String path, int size) throws StoreException {
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of(path), size, MODIFIED));
        if (size > 0) {
            staged.write(0, bytes(size), 0, size);
        }
        PublishOutcome outcome =
                store.publish(List.of(staged), PublishMode.REPLACE).get(0);
        if (outcome.error() != null) {
            throw outcome.error();
        }
    }

    private WebDavStoreOptions options(Duration answerTimeout) {
        return new WebDavStoreOptions(
                server.base(), Optional.empty(), Duration.ofSeconds(5), answerTimeout, 8, spool, 1_000, QUICK);
    }

    @Test
    void an_answer_that_is_no_listing_is_refused() {
        UnreliableServer.Fault lies = (exchange, real) -> {
            byte[] answer = ("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><D:multistatus xmlns:D=\"DAV:\">"
                            + "<D:response><D:href>/&e;</D:href></D:response></D:multistatus>")
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(207, answer.length);
            exchange.getResponseBody().write(answer);
        };

        assertThat(afterEvery("PROPFIND", lies, () -> {
                    try (var listing = store.list("")) {
                        assertThat(listing.next(10)).isEmpty();
                    }
                }))
                .isEqualTo(StoreError.IO_ERROR);
    }

    private StoreError afterEvery(String method, UnreliableServer.Fault fault, ThrowingCallable call) {
        server.spoil(method, QUICK.attempts(), fault);
        StoreException failure = catchThrowableOfType(StoreException.class, call);
        assertThat(failure).as("should fail").isNotNull();
        server.forget();
        return failure.error();
    }

    /** As the server's user would. */
    private static void write(Path file) {
        try {
            var unused = Files.setPosixFilePermissions(
                    Files.writeString(file, "theirs"), PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(String path, int size) throws StoreException {
        try (StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of(path), size, MODIFIED))) {
            staged.write(0, bytes(size), 0, size);
            List<PublishOutcome> outcomes = store.publish(List.of(staged), PublishMode.CREATE_ONLY);
            StoreException error = outcomes.get(0).error();
            if (error != null) {
                throw error;
            }
        }
    }

    private byte[] get(String path) throws StoreException {
        try (ObjectReader reader = store.open(ObjectPath.of(path))) {
            byte[] into = new byte[(int) reader.info().size()];
            assertThat(reader.read(0, into, 0, into.length)).isEqualTo(into.length);
            return into;
        }
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
