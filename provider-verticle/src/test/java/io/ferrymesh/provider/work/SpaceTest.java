package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.NewGrant;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.ScopedStore;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The space of accounts with a quota of 1,000 bytes, set aside 100 at a time, and the end of accounts. */
@OnEachDatabase
class SpaceTest {

    private final TestDatabase databases;
    private final WatchedStore watched = new WatchedStore();

    @TempDir
    private Path root;

    private ObjectStore shared;
    private Site site;
    private Node one;
    private Node two;
    private Account alice;
    private Account bob;

    SpaceTest(TestDatabase databases) {
        this.databases = databases;
    }

    @BeforeEach
    void open() throws StoreException {
        shared = DirectoryStore.open(root);
        site = new Site(databases, account -> watched.over(new ScopedStore(shared, account.name())));
        one = site.process();
        two = site.process();
        alice = site.account(1);
        bob = site.account(2);
    }

    @AfterEach
    void close() {
        site.close();
        shared.close();
    }

    @Test
    void what_is_left_of_an_account_is_known_and_more_than_that_is_refused_as_a_used_up_account()
            throws StoreException {
        put(one, "a", 300);
        ObjectStore store = one.work().stores().of(alice);

        assertThat(store.room().quotaBytes()).hasValue(700);
        assertThat(store.room().freeBytes()).isPresent();
        assertThat(two.work().stores().of(alice).room().quotaBytes()).hasValue(700);
        store.requireRoom(700, 700);
        assertThatThrownBy(() -> store.requireRoom(701, 701))
                .hasMessage("701 bytes of the account's space are needed and 700 are left")
                .extracting(e -> ((StoreException) e).error())
                .isEqualTo(StoreError.FULL);
        assertThat(one.work().stores().of(bob).room().quotaBytes()).hasValue(1_000);
    }

    @Test
    void what_is_published_is_used_once_it_is_written_down() throws StoreException {
        put(one, "a", 300);
        put(one, "b", 20);

        assertThat(used(one)).isEqualTo(320);
        assertThat(used(two)).isEqualTo(320);
        assertThat(two.work().stores().usage(alice).quota()).isEqualTo(1_000);
        assertThat(used(one, bob)).isZero();
    }

    @Test
    void no_more_can_be_staged_than_the_quota_leaves_at_all_processes_together() throws StoreException {
        put(one, "a", 600);
        put(two, "b", 300);

        assertFull(() -> store(two).stage(info("c", 200)));
        assertFull(() -> store(one).stage(info("c", 101)));
        StagedObject last = store(one).stage(info("c", 100));
        assertFull(() -> store(one).stage(info("d", 1)));
        last.close();
        put(one, "d", 100);
        assertThat(used(two)).isEqualTo(1_000);
        assertFull(() -> store(two).stage(info("e", 1)));
        put(two, "empty", 0);
    }

    @Test
    void what_two_processes_have_on_its_way_counts_before_it_is_there() throws StoreException {
        try (StagedObject held = store(one).stage(info("a", 700))) {
            assertThat(held.info().size()).isEqualTo(700);
            assertFull(() -> store(two).stage(info("b", 301)));
            put(two, "b", 300);
        }
        assertThat(used(two)).isEqualTo(300);
    }

    @Test
    void what_is_set_aside_and_not_used_is_given_up_after_a_while() throws StoreException {
        put(one, "a", 10);
        one.work().flush();
        assertThat(reserved()).isEqualTo(90);
        assertFull(() -> store(two).stage(info("b", 950)));

        site.pass(5_000);
        one.work().beat();
        two.work().beat();
        site.pass(5_000);
        one.work().beat();
        two.work().beat();
        one.work().flush();

        assertThat(reserved()).isZero();
        put(two, "b", 950);
        put(one, "c", 40);
        assertFull(() -> store(one).stage(info("d", 1)));
    }

    @Test
    void what_is_replaced_or_deleted_is_given_back() throws StoreException {
        put(one, "a", 500);
        put(one, "b", 400);
        one.work().flush();

        PublishOutcome smaller = publish(two, "a", 100, PublishMode.REPLACE);
        assertThat(smaller.error()).isNull();
        assertThat(used(two)).isEqualTo(500);
        store(one).delete(ObjectPath.of("b"));
        assertThat(used(one)).isEqualTo(100);
        String etag = store(two).details(ObjectPath.of("a")).etag();
        StagedObject staged = store(two).stage(info("a", 50));
        staged.write(0, new byte[50], 0, 50);
        assertThat(store(two).replace(staged, etag).error()).isNull();
        assertThat(used(two)).isEqualTo(50);
        store(two)
                .delete(
                        ObjectPath.of("a"),
                        store(two).details(ObjectPath.of("a")).etag());
        assertThat(used(two)).isZero();
    }

    @Test
    void what_several_replace_at_once_is_given_back_once() throws Exception {
        put(one, "a", 500);
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        watched.publishing = () -> {
            first.countDown();
            await(go);
        };
        Thread replacing = new Thread(this::replace);
        replacing.start();
        await(first);
        Thread meanwhile = new Thread(this::replace);
        meanwhile.start();
        while (meanwhile.getState() != Thread.State.WAITING) { // in vain, or for the first
            Thread.onSpinWait();
        }
        go.countDown();
        replacing.join();
        meanwhile.join();

        assertThat(used(one)).isEqualTo(100);
    }

    @Test
    void what_one_group_replaces_twice_is_given_back_once() throws StoreException {
        put(one, "a", 500);
        StagedObject once = store(one).stage(info("a", 10));
        once.write(0, new byte[10], 0, 10);
        StagedObject again = store(one).stage(info("a", 20));
        again.write(0, new byte[20], 0, 20);

        assertThat(store(one).publish(List.of(once, again), PublishMode.REPLACE))
                .allMatch(outcome -> outcome.error() == null);

        assertThat(used(one)).isEqualTo(20);
    }

    @Test
    void what_processes_have_given_back_is_counted_soon() throws StoreException {
        put(one, "a", 500);
        one.work().flush();
        assertThat(publish(one, "a", 400, PublishMode.REPLACE).error()).isNull();
        one.work().flush();
        int unused = site.database.transaction( // as if both had given it back
                handle -> handle.execute("UPDATE account SET used_bytes = 0 WHERE id = 1"));
        for (int i = 0; i < 100; i++) {
            site.pass(6_100);
            one.turn();
            two.turn();
        }
        one.work().flush();

        two.work().tidy();

        assertThat(used(two)).isEqualTo(400);
    }

    @Test
    void an_empty_object_costs_something_and_one_deep_in_directories_more() throws StoreException {
        site.close();
        site = new Site(databases, account -> new ScopedStore(shared, account.name()));
        one = site.process(Site.WITH_OVERHEAD);
        alice = site.account(1);

        put(one, "empty", 0);
        assertThat(used(one)).isEqualTo(50);
        put(one, "in/this/one", 7);
        assertThat(used(one)).isEqualTo(207);
        assertFull(() -> store(one).stage(info("a/".repeat(15) + "a", 0)));
        put(one, "directory/", 0);
        assertThat(used(one)).isEqualTo(257);
        assertThat(publish(one, "in/this/one", 3, PublishMode.REPLACE).error()).isNull();
        assertThat(used(one)).isEqualTo(253);
        one.work().flush();
        int uncounted = site.database.transaction(
                handle -> handle.execute("UPDATE account SET used_bytes = NULL WHERE id = 1"));
        int due = site.database.transaction(handle -> handle.execute("UPDATE space_count SET due_at = NULL"));
        assertThat(uncounted + due).isEqualTo(2);
        one.work().tidy();
        assertThat(used(one)).isEqualTo(253);
        store(one).delete(ObjectPath.of("in/this/one"));
        store(one).delete(ObjectPath.of("empty"));
        assertThat(used(one)).isEqualTo(50);
    }

    @Test
    void what_is_refused_costs_nothing() throws StoreException {
        put(one, "a", 100);

        assertThat(publish(one, "a", 200, PublishMode.CREATE_ONLY).error()).isNotNull();
        StagedObject staged = store(one).stage(info("a", 60));
        staged.write(0, new byte[60], 0, 60);
        assertThat(store(one).replace(staged, "other").error()).isNotNull();
        assertThatThrownBy(() -> store(one).delete(ObjectPath.of("a"), "other")).isInstanceOf(StoreException.class);

        assertThat(used(one)).isEqualTo(100);
        put(one, "b", 900);
    }

    @Test
    void a_quota_of_its_own_counts_for_an_account() throws StoreException {
        int unused = site.database.transaction(
                handle -> handle.execute("UPDATE account SET quota_bytes = 5000 WHERE id = 1"));

        put(one, "a", 4_000);

        assertThat(one.work().stores().usage(alice).quota()).isEqualTo(5_000);
        assertFull(() -> one.work().stores().of(bob).stage(info("a", 1_001)));
    }

    @Test
    void what_a_dead_process_had_set_aside_is_taken_for_used_until_it_is_counted() throws StoreException {
        put(one, "a", 30);

        site.outlive(two);
        assertThat(used(two)).isEqualTo(100);
        two.work().tidy();

        assertThat(used(two)).isEqualTo(30);
        assertThat(site.count("SELECT COUNT(*) FROM space_count WHERE due_at IS NOT NULL"))
                .isZero();
    }

    @Test
    void what_was_there_before_is_counted_and_what_comes_meanwhile_is_not_forgotten() throws StoreException {
        put(one, "a", 200);
        one.work().flush();
        int unused = site.database.transaction(
                handle -> handle.execute("UPDATE account SET used_bytes = NULL WHERE id = 1"));
        put(two, "b", 300);
        two.work().flush();
        assertThat(used(two)).isZero();
        assertFull(() -> store(two).stage(info("c", 801)));

        one.work().tidy();
        two.work().flush();
        assertThat(used(two)).isGreaterThanOrEqualTo(500);
        for (int i = 0; i < 100; i++) {
            site.pass(6_100);
            one.turn();
            two.turn();
            two.work().flush();
        }
        one.work().flush();
        one.work().tidy();

        assertThat(used(two)).isEqualTo(500);
    }

    @Test
    void an_account_that_is_erased_leaves_nothing_and_others_keep_theirs() throws StoreException {
        put(one, "a/b", 10);
        put(one, "c", 10);
        ObjectStore bobs = one.work().stores().of(bob);
        assertThat(publish(bobs, "a", 10, PublishMode.CREATE_ONLY).error()).isNull();
        NewGrant grant = site.grant();
        NewMigration migration = site.migration();
        assertThat(one.work().grants().create(alice, grant).fresh()).isTrue();
        assertThat(one.work().migrations().create(alice, migration).fresh()).isTrue();
        one.turn();
        int unused = site.database.transaction(
                handle -> handle.execute("UPDATE account SET state = 'ERASING' WHERE id = 1"));

        two.work().tidy();
        assertThat(store(two).head(ObjectPath.of("c")).size()).isEqualTo(10);
        one.turn();
        one.work().flush();
        assertThat(one.engine().calls).contains("withdraw " + grant.id(), "stop " + migration.id());
        GrantWorkTest.assertRefused(
                ServiceError.FORBIDDEN, () -> two.work().grants().create(alice, site.grant()));
        assertThatThrownBy(() -> store(two).stage(info("new", 1)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.error()).isEqualTo(StoreError.NOT_WRITABLE));
        two.work().tidy();

        assertThat(site.count("SELECT COUNT(*) FROM account WHERE id = 1")).isZero();
        assertThat(site.count("SELECT COUNT(*) FROM grant_offer")).isZero();
        assertThat(site.count("SELECT COUNT(*) FROM migration")).isZero();
        assertThat(site.count("SELECT COUNT(*) FROM migration_event")).isZero();
        assertThat(site.count("SELECT COUNT(*) FROM job")).isZero();
        assertThat(new ScopedStore(shared, "user1").list("").next(10)).isEmpty();
        assertThat(bobs.head(ObjectPath.of("a")).size()).isEqualTo(10);
        one.work().flush();
        two.work().tidy();
    }

    @Test
    void an_upload_under_way_when_its_account_is_erased_leaves_nothing() throws StoreException {
        StagedObject late = store(one).stage(info("late", 10));
        late.write(0, new byte[10], 0, 10);
        StagedObject later = store(one).stage(info("later", 10));
        later.write(0, new byte[10], 0, 10);
        erase();

        one.work().flush();
        two.work().tidy();
        assertThat(accounts()).as("an upload is under way").isEqualTo(1);
        assertThat(error(store(one)
                        .publish(List.of(late), PublishMode.CREATE_ONLY)
                        .get(0)))
                .isEqualTo(StoreError.NOT_WRITABLE);
        assertThat(error(store(one).replace(later, "etag"))).isEqualTo(StoreError.NOT_WRITABLE);
        one.work().flush();
        two.work().tidy();

        assertThat(accounts()).isZero();
        assertThat(new ScopedStore(shared, "user1").list("").next(10)).isEmpty();
    }

    @Test
    void what_comes_while_an_account_is_erased_is_erased_too() throws StoreException {
        erase();
        watched.listed.set(
                () -> { // by another program, as this one does not
                    ObjectStore own = new ScopedStore(shared, "user1");
                    assertThat(publish(own, "late", 10, PublishMode.CREATE_ONLY).error())
                            .isNull();
                });

        two.work().tidy();
        assertThat(accounts()).isEqualTo(1);
        site.pass(5_000);
        two.work().tidy();

        assertThat(accounts()).isZero();
        assertThat(new ScopedStore(shared, "user1").list("").next(10)).isEmpty();
    }

    @Test
    void what_cannot_be_read_keeps_an_account_and_a_link_does_not() throws Exception {
        Path own = Files.createDirectories(root.resolve("user1"));
        Path link = Files.createSymbolicLink(own.resolve("link"), root);
        watched.unreadable = true;
        erase();

        two.work().tidy();
        assertThat(accounts()).isEqualTo(1);
        watched.unreadable = false;
        site.pass(5_000);
        two.work().tidy();

        assertThat(accounts()).isZero();
        assertThat(link).isSymbolicLink();
    }

    private void erase() {
        int unused = site.database.transaction(
                handle -> handle.execute("UPDATE account SET state = 'ERASING' WHERE id = 1"));
    }

    private long accounts() {
        return site.count("SELECT COUNT(*) FROM account WHERE id = 1");
    }

    private static StoreError error(PublishOutcome outcome) {
        return Objects.requireNonNull(outcome.error()).error();
    }

    @Test
    void what_has_ended_is_removed_when_it_is_old() {
        NewGrant grant = site.grant();
        NewMigration migration = site.migration();
        NewMigration goesOn = site.migration();
        assertThat(one.work().grants().create(alice, grant).fresh()).isTrue();
        assertThat(one.work().migrations().create(alice, migration).fresh()).isTrue();
        assertThat(one.work().migrations().create(alice, goesOn).fresh()).isTrue();
        one.work().grants().withdraw(alice, grant.id());
        one.work().migrations().cancel(alice, migration.id());
        one.work().tidy();
        site.pass(90L * 86_400_000);
        one.turn();
        one.work().tidy();
        assertThat(site.count("SELECT COUNT(*) FROM grant_offer")).isEqualTo(1);

        site.pass(60_000);
        one.turn();
        one.work().tidy();

        assertThat(site.count("SELECT COUNT(*) FROM grant_offer")).isZero();
        assertThat(site.count("SELECT COUNT(*) FROM migration")).isEqualTo(1);
        assertThat(site.count("SELECT COUNT(*) FROM migration WHERE state <> 'CANCELLED'"))
                .isEqualTo(1);
    }

    @Test
    void what_is_charged_during_a_count_is_not_forgotten() throws StoreException {
        put(one, "m", 200);
        one.work().flush();
        int unused = site.database.transaction(
                handle -> handle.execute("INSERT INTO space_count (account, changes, due_at) VALUES (1, 0, 0)"
                        + " ON CONFLICT (account) DO UPDATE SET due_at = 0"));
        watched.listed.set(
                () -> { // behind where the listing is
                    put(two, "a", 300);
                    two.work().flush();
                });

        one.work().tidy();

        assertThat(watched.listed.get()).as("whether it was counted").isNull();
        assertThat(used(two)).isEqualTo(500);
    }

    @Test
    void what_is_being_removed_cannot_be_resumed_without_its_report() {
        NewMigration migration = site.migration();
        assertThat(one.work().migrations().create(alice, migration).fresh()).isTrue();
        one.turn();
        one.engine().fails(migration.id(), ErrorCode.REVOKED, false);
        one.turn();
        site.pass(91L * 86_400_000);
        one.turn();
        int unused = site.database.transaction(handle ->
                handle.execute("CREATE TABLE keeps (migration BYTEA REFERENCES migration (id))")); // its row cannot go
        int kept = site.database.transaction(handle -> handle.execute("INSERT INTO keeps SELECT id FROM migration"));
        assertThat(kept).isEqualTo(1);

        one.work().tidy(); // fails half way, and is done again some time
        assertThat(site.count("SELECT COUNT(*) FROM migration")).isEqualTo(1);

        GrantWorkTest.assertRefused(
                ServiceError.CONFLICT, () -> two.work().migrations().resume(alice, migration.id()));
        assertThat(site.count("SELECT COUNT(*) FROM migration WHERE psk IS NOT NULL"))
                .isZero();
    }

    private void replace() {
        try {
            assertThat(publish(one, "a", 100, PublishMode.REPLACE).error()).isNull();
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void put(Node node, String path, int size) throws StoreException {
        assertThat(publish(node, path, size, PublishMode.CREATE_ONLY).error()).isNull();
    }

    private PublishOutcome publish(Node node, String path, int size, PublishMode mode) throws StoreException {
        return publish(store(node), path, size, mode);
    }

    private static PublishOutcome publish(ObjectStore store, String path, int size, PublishMode mode)
            throws StoreException {
        StagedObject staged = store.stage(info(path, size));
        staged.write(0, new byte[size], 0, size);
        return store.publish(List.of(staged), mode).get(0);
    }

    private ObjectStore store(Node node) {
        return node.work().stores().of(alice);
    }

    private long used(Node node) {
        one.work().flush();
        return used(node, alice);
    }

    private static long used(Node node, Account account) {
        return node.work().stores().usage(account).used();
    }

    private long reserved() {
        return site.count("SELECT COALESCE(SUM(bytes), 0) FROM space_reservation");
    }

    private static ObjectInfo info(String path, int size) {
        return new ObjectInfo(ObjectPath.of(path), size, Site.NOW);
    }

    private static void assertFull(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.error())
                .isEqualTo(StoreError.FULL));
    }
}
