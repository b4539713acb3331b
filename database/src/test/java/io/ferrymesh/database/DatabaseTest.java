package io.ferrymesh.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ferrymesh.database.DatabaseException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@OnEachDatabase
class DatabaseTest {

    private static final String FIRST = "io/ferrymesh/database/first";
    private static final String SECOND = "io/ferrymesh/database/second";
    private static final int THREADS = 8;
    private static final int EACH = 25;

    private final TestDatabase databases;

    DatabaseTest(TestDatabase databases) {
        this.databases = databases;
    }

    @Test
    void what_a_transaction_wrote_is_read_afterwards_and_after_opening_again() {
        DatabaseOptions options = databases.fresh();
        try (Database database = Database.open(options, FIRST)) {
            assertThat(database.isSqlite()).isEqualTo(databases.isSqlite());
            deposit(database, "alice", 5);
            assertThat(balance(database, "alice")).isEqualTo(5);
        }
        try (Database database = Database.open(options, FIRST)) {
            assertThat(balance(database, "alice")).isEqualTo(5);
        }
    }

    @Test
    void an_exception_of_the_work_rolls_back_and_is_thrown_on() {
        try (Database database = Database.open(databases.fresh(), FIRST)) {
            assertThatThrownBy(() -> database.transaction(handle -> {
                        int inserted = insert(handle, "alice", 5);
                        throw new IllegalStateException("enough of " + inserted);
                    }))
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessage("enough of 1");
            deposit(database, "alice", 7);
            assertThat(balance(database, "alice")).isEqualTo(7);
        }
    }

    @Test
    void broken_constraints_are_told_apart_and_change_nothing() {
        try (Database database = Database.open(databases.fresh(), FIRST)) {
            deposit(database, "alice", 5);
            assertKind(
                    Kind.CONSTRAINT,
                    () -> database.transaction(handle -> {
                        int inserted = insert(handle, "bob", 1);
                        return inserted + insert(handle, "alice", 1);
                    }));
            assertKind(Kind.CONSTRAINT, () -> database.transaction(handle -> insert(handle, "carol", -1)));
            assertKind(
                    Kind.CONSTRAINT,
                    () -> database.transaction(handle -> handle.execute("INSERT INTO entry VALUES (1, 'nobody')")));
            assertThat(names(database)).containsExactly("alice");
        }
    }

    @Test
    void failures_name_the_database_but_neither_password_nor_values() {
        DatabaseOptions options = databases.fresh();
        try (Database database = Database.open(options, FIRST)) {
            deposit(database, "alice-of-the-rabbits", 5);
            assertThatThrownBy(() -> deposit(database, "alice-of-the-rabbits", 1))
                    .hasMessageContaining(options.toString())
                    .satisfies(failure -> {
                        for (Throwable each = failure; each != null; each = each.getCause()) {
                            assertThat(each.toString()).doesNotContain("rabbits", "horse");
                        }
                    });
            assertKind(Kind.INTERNAL, () -> database.read(handle -> handle.execute("SELECT nonsense FROM nowhere")));
        }
    }

    @Test
    void a_read_sees_one_snapshot_and_nothing_waits_for_it() {
        try (Database database = Database.open(databases.fresh(), FIRST)) {
            deposit(database, "alice", 5);
            List<String> seen = database.read(handle -> {
                List<String> before = names(handle);
                deposit(database, "bob", 1);
                List<String> both = new ArrayList<>(before);
                both.addAll(names(handle));
                return both;
            });
            assertThat(seen).containsExactly("alice", "alice");
            assertThat(names(database)).containsExactly("alice", "bob");
        }
    }

    @Test
    void a_read_cannot_write() {
        try (Database database = Database.open(databases.fresh(), FIRST)) {
            assertThatThrownBy(() -> database.read(handle -> insert(handle, "alice", 1)))
                    .isInstanceOf(DatabaseException.class);
            assertThat(names(database)).isEmpty();
        }
    }

    @Test
    void concurrent_transactions_lose_nothing() throws Exception {
        DatabaseOptions options = databases.fresh();
        try (Database one = Database.open(options, FIRST);
                Database two = Database.open(options, FIRST)) {
            deposit(one, "alice", 0);
            inParallel(THREADS, thread -> {
                for (int i = 0; i < EACH; i++) {
                    assertThat(increment(thread % 2 == 0 ? one : two)).isPositive();
                }
            });
            assertThat(balance(two, "alice")).isEqualTo(THREADS * EACH);
        }
    }

    @Test
    void two_that_open_a_new_database_at_once_both_can() throws Exception {
        DatabaseOptions options = databases.fresh();
        inParallel(4, thread -> {
            try (Database database = Database.open(options, SECOND)) {
                deposit(database, "account" + thread, thread);
            }
        });
        try (Database database = Database.openReadOnly(options, SECOND)) {
            assertThat(names(database)).hasSize(4);
        }
    }

    @Test
    void an_older_schema_is_brought_up_to_date() {
        DatabaseOptions options = databases.fresh();
        try (Database database = Database.open(options, FIRST)) {
            deposit(database, "alice", 5);
        }
        try (Database database = Database.open(options, SECOND)) {
            assertThat(database.<Integer>transaction(handle -> handle.execute("UPDATE account SET note = 'kept'")))
                    .isEqualTo(1);
        }
    }

    @Test
    void a_newer_schema_is_left_alone() {
        DatabaseOptions options = databases.fresh();
        Database.open(options, SECOND).close();
        assertThatThrownBy(() -> Database.open(options, FIRST))
                .hasMessageContaining("schema version 2, newer than this program's 1");
        assertThatThrownBy(() -> Database.openReadOnly(options, FIRST))
                .hasMessageContaining("schema version 2, newer than this program's 1");
    }

    @Test
    void opened_to_read_only_an_older_or_strange_schema_is_refused_and_left_as_it_is() {
        DatabaseOptions options = databases.fresh();
        Database.open(options, FIRST).close();
        assertThatThrownBy(() -> Database.openReadOnly(options, SECOND))
                .hasMessageContaining("schema version 1, older than this program's 2");
        assertThatThrownBy(() -> Database.openReadOnly(options, "io/ferrymesh/database/broken"))
                .hasMessageContaining("other than this program's");
        try (Database database = Database.openReadOnly(options, FIRST)) {
            assertKind(Kind.INTERNAL, () -> database.transaction(handle -> insert(handle, "alice", 1)));
            assertThat(names(database)).isEmpty();
        }
    }

    @Test
    void opened_as_it_is_it_can_be_written_to_and_an_older_schema_stays_older() {
        DatabaseOptions options = databases.fresh();
        Database.open(options, FIRST).close();
        assertThatThrownBy(() -> Database.openExisting(options, SECOND))
                .hasMessageContaining("schema version 1, older than this program's 2");
        try (Database database = Database.openExisting(options, FIRST)) {
            deposit(database, "alice", 5);
            assertThat(names(database)).hasSize(1);
        }
    }

    @Test
    void opened_as_it_is_an_empty_database_is_refused() {
        assertThatThrownBy(() -> Database.openExisting(databases.fresh(), FIRST))
                .isInstanceOf(DatabaseException.class);
    }

    @Test
    void it_tells_how_its_connections_are_used() {
        try (Database database = Database.open(databases.fresh(), FIRST)) {
            assertThat(database.pools()).extracting(PoolFigures::name).containsExactly("writers", "readers");
            PoolFigures during = database.transaction(handle -> database.pools().get(0));
            assertThat(during.active()).isEqualTo(1);
            assertThat(database.pools().get(0).active()).isZero();
        }
    }

    @Test
    void bringing_a_schema_up_to_date_is_said_and_finding_it_so_is_not() {
        DatabaseOptions options = databases.fresh();
        Database.open(options, FIRST).close();
        Logger logger = (Logger) LoggerFactory.getLogger(Schema.class);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(said);
        try {
            Database.open(options, SECOND).close();
            Database.open(options, SECOND).close();
        } finally {
            logger.detachAppender(said);
            logger.setLevel(null);
        }
        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("bringing the schema of " + options + " from 1 to 2");
    }

    @Test
    void a_migration_that_fails_leaves_nothing_behind() {
        DatabaseOptions options = databases.fresh();
        assertKind(Kind.INTERNAL, () -> Database.open(options, "io/ferrymesh/database/broken"));
        try (Database database = Database.open(options, FIRST)) {
            assertThat(names(database)).isEmpty();
        }
    }

    @Test
    void once_closed_it_is_unavailable() {
        Database database = Database.open(databases.fresh(), FIRST);
        database.close();
        assertKind(Kind.UNAVAILABLE, () -> names(database));
        assertKind(Kind.UNAVAILABLE, () -> database.transaction(handle -> insert(handle, "alice", 1)));
    }

    private static void assertKind(Kind kind, Callable<?> work) {
        assertThatThrownBy(work::call)
                .asInstanceOf(InstanceOfAssertFactories.type(DatabaseException.class))
                .extracting(DatabaseException::kind)
                .isEqualTo(kind);
    }

    private static void deposit(Database database, String name, long balance) {
        assertThat(database.<Integer>transaction(handle -> insert(handle, name, balance)))
                .isEqualTo(1);
    }

    private static int insert(Handle handle, String name, long balance) {
        return handle.execute("INSERT INTO account (name, balance) VALUES (?, ?)", name, balance);
    }

    /** Reads and writes, so that two that both read first would lose one. */
    private static long increment(Database database) {
        return database.transaction(handle -> handle.createQuery(
                        "UPDATE account SET balance = balance + 1 WHERE name = 'alice' RETURNING balance")
                .mapTo(Long.class)
                .one());
    }

    private static long balance(Database database, String name) {
        return database.read(handle -> handle.createQuery("SELECT balance FROM account WHERE name = ?")
                .bind(0, name)
                .mapTo(Long.class)
                .one());
    }

    private static List<String> names(Database database) {
        return database.read(DatabaseTest::names);
    }

    private static List<String> names(Handle handle) {
        return handle.createQuery("SELECT name FROM account ORDER BY name")
                .mapTo(String.class)
                .list();
    }

    private interface OfThread {
        void run(int thread);
    }

    private static void inParallel(int threads, OfThread work) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                all.add(pool.submit(() -> work.run(thread)));
            }
            for (Future<?> each : all) {
                assertThat(each.get()).isNull();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
