package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.Said;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.ScopedStore;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process does beside its work: erasing, counting and removing. */
@OnEachDatabase
class TidyTest {

    /** How many accounts of a kind get their turn in one look. */
    private static final int AT_ONCE = 16;

    private static final int FIRST_STUCK = 40;

    private final TestDatabase databases;
    private final WatchedStore watched = new WatchedStore();
    private final WatchedStore stuck = new WatchedStore();

    @TempDir
    private Path root;

    private ObjectStore shared;
    private Site site;
    private Node one;
    private Account alice;

    TidyTest(TestDatabase databases) {
        this.databases = databases;
    }

    @BeforeEach
    void open() throws StoreException {
        shared = DirectoryStore.open(root);
        stuck.unreadable = true;
        site = new Site(databases, account -> {
            WatchedStore with = isStuck(account.id().value()) ? stuck : watched;
            return with.over(new ScopedStore(shared, account.name()));
        });
        one = site.process();
        alice = site.account(1);
    }

    @AfterEach
    void close() {
        site.close();
        shared.close();
    }

    @Test
    void accounts_that_cannot_be_erased_keep_no_other_from_its_turn() {
        for (int i = 0; i < AT_ONCE; i++) {
            Account unused = site.account(FIRST_STUCK + i);
        }
        Account behind = site.account(99);
        execute("UPDATE account SET state = 'ERASING' WHERE id > 1");

        one.work().tidy();
        one.work().tidy();

        assertThat(site.count("SELECT COUNT(*) FROM account WHERE id > 1")).isEqualTo(AT_ONCE);
        assertThat(site.count("SELECT COUNT(*) FROM account WHERE id = " + behind.id()))
                .isZero();
    }

    @Test
    void what_cannot_be_erased_is_tried_ever_more_seldom_and_said_once() {
        Account unused = site.account(40);
        execute("UPDATE account SET state = 'ERASING' WHERE id = 40");
        List<Long> waits = new ArrayList<>();
        try (Said said = new Said(Erasure.class)) {
            for (int i = 0; i < 12; i++) {
                one.work().tidy();
                one.work().tidy();
                long wait =
                        site.count("SELECT due_at FROM erasure") - site.now().toEpochMilli();
                waits.add(wait / 1_000);
                site.pass(wait);
                one.turn();
            }

            assertThat(waits).containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 320L, 640L, 1_280L, 2_560L, 3_600L, 3_600L);
            assertThat(stuck.listings).hasSize(12);
            assertThat(said.atLeast(Level.INFO))
                    .containsExactly("account 40 cannot be erased yet, which is tried again: {UNREADABLE=1} stay");
            stuck.unreadable = false;
            one.work().tidy();
            assertThat(said.atLeast(Level.INFO)).last().isEqualTo("account 40 is erased");
        }
        assertThat(site.count("SELECT COUNT(*) FROM erasure")).isZero();
    }

    @Test
    void a_clock_that_is_set_back_keeps_no_account() {
        Account unused = site.account(40);
        execute("UPDATE account SET state = 'ERASING' WHERE id = 40");
        one.work().tidy();
        stuck.unreadable = false;
        site.setClocks(-86_400_000);

        one.work().tidy();

        assertThat(site.count("SELECT COUNT(*) FROM account WHERE id = 40")).isZero();
    }

    @Test
    void an_erasure_ends_at_the_next_object_when_its_process_ends_and_another_goes_on() throws StoreException {
        for (String name : List.of("a", "b", "c")) {
            put(name, 10);
        }
        execute("UPDATE account SET state = 'ERASING' WHERE id = 1");
        one.work().flush();
        AtomicLong deleted = new AtomicLong();
        watched.deleting = () -> {
            deleted.incrementAndGet();
            one.work().close();
        };

        one.work().tidy();

        assertThat(deleted).hasValue(1);
        assertThat(site.count("SELECT COUNT(*) FROM erasure")).as("failures").isZero();
        watched.deleting = () -> {};
        site.process().work().tidy();
        assertThat(site.count("SELECT COUNT(*) FROM account")).isZero();
    }

    @Test
    void a_count_ends_when_its_process_ends_and_another_counts() throws StoreException {
        put("a", 300);
        one.work().flush();
        execute("UPDATE account SET used_bytes = NULL");
        watched.listed.set(() -> one.work().close());

        one.work().tidy();

        assertThat(watched.listed.get()).as("whether it was listed").isNull();
        assertThat(site.count("SELECT COUNT(*) FROM account WHERE used_bytes IS NULL"))
                .isEqualTo(1);
        site.process().work().tidy();
        assertThat(site.count("SELECT used_bytes FROM account")).isEqualTo(300);
    }

    @Test
    void counting_and_erasing_ask_for_no_more_than_sizes() throws StoreException {
        execute("UPDATE account SET used_bytes = NULL");
        one.work().tidy();
        execute("UPDATE account SET state = 'ERASING'");
        one.work().tidy();

        assertThat(watched.listings).hasSize(3).containsOnly("listSizes");
    }

    @Test
    void what_a_process_alone_gives_back_is_counted_within_a_day_and_what_several_do_within_minutes()
            throws StoreException {
        put("a", 300);
        put("a", 200);
        one.work().flush();
        assertThat(dueInMs()).isEqualTo(86_400_000);

        Node unused = site.process();
        put("a", 100);
        one.work().flush();

        assertThat(dueInMs()).isEqualTo(600_000);
    }

    @Test
    void what_is_given_back_before_anything_was_counted_does_not_put_the_count_off() throws StoreException {
        execute("UPDATE account SET used_bytes = NULL");
        put("a", 300);
        put("a", 200);
        one.work().flush();

        one.work().tidy();

        assertThat(site.count("SELECT COUNT(*) FROM account WHERE used_bytes IS NULL"))
                .isZero();
    }

    @Test
    void all_that_is_old_is_removed_before_anything_that_may_take_long() {
        for (int i = 0; i < 40; i++) {
            byte[] id = MigrationId.random(new SecureRandom()).bytes();
            int unused = site.database.transaction(handle -> handle.createUpdate("INSERT INTO migration (id, account,"
                            + " content, state, created_at, finished_at) VALUES (:id, 1, :id, 'CANCELLED', 0, 1)")
                    .bind("id", id)
                    .execute());
        }
        execute("UPDATE account SET used_bytes = NULL");
        AtomicLong left = new AtomicLong(-1);
        watched.listed.set(() -> left.set(site.count("SELECT COUNT(*) FROM migration")));

        one.work().tidy();

        assertThat(left).hasValue(0);
    }

    private static boolean isStuck(long account) {
        return account >= FIRST_STUCK && account < FIRST_STUCK + AT_ONCE;
    }

    private long dueInMs() {
        return site.count("SELECT due_at FROM space_count") - site.now().toEpochMilli();
    }

    private void execute(String sql) {
        int unused = site.database.transaction(handle -> handle.execute(sql));
    }

    private void put(String path, int size) throws StoreException {
        ObjectStore store = one.work().stores().of(alice);
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of(path), size, Site.NOW));
        staged.write(0, new byte[size], 0, size);
        assertThat(store.publish(List.of(staged), PublishMode.REPLACE)).allMatch(outcome -> outcome.error() == null);
    }
}
