package io.ferrymesh.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ferrymesh.database.DatabaseException.Kind;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PostgresDatabaseTest {

    private static final String FIRST = "io/ferrymesh/database/first";

    private PostgresServer server;
    private DatabaseOptions.Postgres options;

    @BeforeEach
    void find_the_server() {
        Optional<PostgresServer> found = PostgresServer.shared();
        assumeTrue(found.isPresent());
        server = found.orElseThrow();
        options = server.fresh();
    }

    @AfterEach
    void drop() {
        if (server != null) {
            server.drop(options);
        }
    }

    @Test
    void sessions_are_set_up_for_durable_bounded_transactions() {
        try (Database database = Database.open(options, FIRST)) {
            assertThat(database.<List<String>>transaction(handle -> List.of(
                            show(handle, "transaction_isolation"),
                            show(handle, "synchronous_commit"),
                            show(handle, "statement_timeout"),
                            show(handle, "idle_in_transaction_session_timeout"))))
                    .containsExactly("read committed", "on", "8s", "1min");
            assertThat(database.<List<String>>read(handle ->
                            List.of(show(handle, "transaction_isolation"), show(handle, "transaction_read_only"))))
                    .containsExactly("repeatable read", "on");
        }
    }

    @Test
    void a_deadlock_is_resolved_by_doing_one_of_the_two_again() {
        try (Database database = Database.open(options, FIRST)) {
            int unused = database.transaction(
                    handle -> handle.execute("INSERT INTO account (name, balance) VALUES ('a', 0), ('b', 0)"));
            CountDownLatch bothHoldOne = new CountDownLatch(2);
            AtomicInteger runs = new AtomicInteger();
            ExecutorService both = Executors.newFixedThreadPool(2); // the common pool may have one thread only
            try {
                CompletableFuture<Integer> one =
                        CompletableFuture.supplyAsync(() -> crossing(database, "a", "b", bothHoldOne, runs), both);
                CompletableFuture<Integer> two =
                        CompletableFuture.supplyAsync(() -> crossing(database, "b", "a", bothHoldOne, runs), both);
                assertThat(one.join() + two.join()).isEqualTo(2);
            } finally {
                both.shutdown();
            }
            assertThat(runs).hasValueGreaterThan(2);
            assertThat(database.<List<Long>>read(handle -> handle.createQuery("SELECT balance FROM account")
                            .mapTo(Long.class)
                            .list()))
                    .containsExactly(2L, 2L);
        }
    }

    private static int crossing(
            Database database, String first, String second, CountDownLatch bothHoldOne, AtomicInteger runs) {
        return database.transaction(handle -> {
            runs.incrementAndGet();
            int changed = increment(handle, first);
            bothHoldOne.countDown();
            await(bothHoldOne);
            assertThat(increment(handle, second)).isEqualTo(1);
            return changed;
        });
    }

    @Test
    void a_migration_waits_for_a_lock_for_a_few_seconds_only_and_comes_again() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (Database running = Database.open(options, FIRST)) {
            CompletableFuture<Void> migrated = running.transaction(handle -> {
                handle.execute("LOCK TABLE account IN ACCESS EXCLUSIVE MODE");
                CompletableFuture<Void> opened = CompletableFuture.runAsync(
                        () -> Database.open(options, "io/ferrymesh/database/second")
                                .close(),
                        one);
                awaitWaiters(handle, true);
                awaitWaiters(handle, false);
                return opened;
            });
            migrated.get(60, TimeUnit.SECONDS);
            assertThat(count(running)).isZero();
        } finally {
            one.shutdown();
        }
    }

    /** Until somebody waits for a lock, or nobody does. */
    private static void awaitWaiters(Handle handle, boolean some) {
        for (int i = 0; i < 200; i++) {
            if (handle.createQuery("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted) FROM pg_sleep(0.1)")
                            .mapTo(Boolean.class)
                            .one()
                    == some) {
                return;
            }
        }
        throw new AssertionError("after twenty seconds: " + (some ? "nobody waits" : "somebody waits still"));
    }

    @Test
    void a_statement_that_takes_too_long_is_unavailable_and_not_tried_again() {
        try (Database database = Database.open(options, FIRST)) {
            AtomicInteger runs = new AtomicInteger();
            assertUnavailable(() -> database.transaction(handle -> {
                runs.incrementAndGet();
                handle.execute("SET LOCAL statement_timeout = 50");
                return handle.createQuery("SELECT pg_sleep(60)").mapToMap().list();
            }));
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void a_server_that_is_gone_is_unavailable_and_used_again_when_it_is_back() {
        try (PostgresServer own = PostgresServer.own().orElseThrow();
                Database database = Database.open(own.fresh(), FIRST)) {
            assertThat(count(database)).isZero();
            own.kill();
            assertUnavailable(() -> count(database));
            assertUnavailable(() -> database.transaction(PostgresDatabaseTest::insert));
            own.restart();
            assertThat(database.<Integer>transaction(PostgresDatabaseTest::insert))
                    .isEqualTo(1);
            assertThat(count(database)).isEqualTo(1);
        }
    }

    @Test
    void a_server_that_answers_nothing_is_unavailable_and_used_again_when_it_answers() {
        try (PostgresServer own = PostgresServer.own().orElseThrow();
                Database database = Database.open(own.fresh(), FIRST)) {
            assertThat(count(database)).isZero();
            own.freeze();
            assertUnavailable(() -> count(database));
            assertUnavailable(() -> database.transaction(PostgresDatabaseTest::insert));
            own.thaw();
            assertThat(database.<Integer>transaction(PostgresDatabaseTest::insert))
                    .isEqualTo(1);
        }
    }

    @Test
    void a_connection_lost_within_a_transaction_is_unavailable() {
        try (Database database = Database.open(options, FIRST)) {
            assertUnavailable(() -> database.transaction(handle -> {
                int inserted = insert(handle);
                int backend = handle.createQuery("SELECT pg_backend_pid()")
                        .mapTo(Integer.class)
                        .one();
                server.execute("SELECT pg_terminate_backend(" + backend + ")");
                return inserted + insert(handle);
            }));
            assertThat(count(database)).isZero();
        }
    }

    @Test
    void a_wrong_password_is_told_without_telling_it() {
        DatabaseOptions wrong = server.database("postgres", "sesame-open");
        assertThatThrownBy(() -> Database.open(wrong, FIRST))
                .hasMessageContaining("password authentication failed for user \"ferrymesh\"")
                .hasMessageContaining(wrong.toString())
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("sesame"));
        assertThat(wrong.toString()).doesNotContain("sesame");
    }

    @Test
    void a_database_that_is_not_there_is_told() {
        assertThatThrownBy(() -> Database.openReadOnly(server.database("elsewhere", "correct horse battery"), FIRST))
                .hasMessageContaining("database \"elsewhere\" does not exist");
    }

    @Test
    void the_url_asks_for_encryption() {
        DatabaseOptions encrypted = new DatabaseOptions.Postgres(
                URI.create(options.url() + "?sslmode=require"), options.user(), options.password());
        assertThatThrownBy(() -> Database.open(encrypted, FIRST)).hasMessageContaining("does not support SSL");
    }

    private static void assertUnavailable(Callable<?> work) {
        assertThatThrownBy(work::call)
                .asInstanceOf(InstanceOfAssertFactories.type(DatabaseException.class))
                .extracting(DatabaseException::kind)
                .isEqualTo(Kind.UNAVAILABLE);
    }

    private static int insert(Handle handle) {
        return handle.execute("INSERT INTO account (name, balance) VALUES ('n' || (SELECT count(*) FROM account), 0)");
    }

    private static int increment(Handle handle, String name) {
        return handle.execute("UPDATE account SET balance = balance + 1 WHERE name = ?", name);
    }

    private static long count(Database database) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM account")
                .mapTo(Long.class)
                .one());
    }

    private static String show(Handle handle, String name) {
        return handle.createQuery("SHOW " + name).mapTo(String.class).one();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
