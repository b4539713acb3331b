package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.ScopedStore;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The space of objects that outlive the process that writes them, of a quota of 1,000 bytes, set aside 100 at a time. */
@OnEachDatabase
class KeptSpaceTest {

    private final TestDatabase databases;
    private final WatchedStore watched = new WatchedStore();

    @TempDir
    private Path root;

    private ObjectStore shared;
    private Site site;
    private Node one;
    private Node two;
    private Account alice;

    KeptSpaceTest(TestDatabase databases) {
        this.databases = databases;
    }

    @BeforeEach
    void open() throws StoreException {
        shared = DirectoryStore.open(root);
        site = new Site(databases, account -> watched.over(new ScopedStore(shared, account.name())));
        one = site.process();
        two = site.process();
        alice = site.account(1);
    }

    @AfterEach
    void close() {
        site.close();
        shared.close();
    }

    @Test
    void an_object_holds_its_space_when_its_process_dies_until_another_one_publishes_it() throws StoreException {
        StagedObject first = begun("a", 700);
        assertFull(() -> store(two).stage(info("b", 301)));

        site.outlive(two);
        two.work().tidy();
        assertThat(used()).isZero();
        assertFull(() -> store(two).stage(info("b", 301)));
        put(two, "b", 300);
        StagedObject second = store(two).resume(info("a", 700), ObjectMetadata.EMPTY, tokenOf(first));
        assertThat(second.holds(0)).isTrue();
        assertFull(() -> store(two).stage(info("c", 1)));
        assertThat(error(two, second, PublishMode.CREATE_ONLY)).isNull();

        assertThat(used()).isEqualTo(1_000);
        assertThat(kept()).isZero();
        assertFull(() -> store(two).stage(info("c", 1)));
    }

    @Test
    void what_is_let_go_of_holds_its_space_and_what_is_closed_or_discarded_gives_it_back() throws StoreException {
        StagedObject left = begun("a", 600);
        left.detach();
        left.close();
        StagedObject closed = begun("b", 400);
        assertFull(() -> store(two).stage(info("c", 1)));
        closed.close();
        assertFull(() -> store(two).stage(info("c", 401)));

        store(two).discard(ObjectPath.of("b"), tokenOf(left));
        assertThat(kept()).isEqualTo(1);
        store(two).discard(ObjectPath.of("a"), tokenOf(left));

        assertThat(kept()).isZero();
        one.work().flush();
        put(two, "c", 900);
    }

    @Test
    void whoever_takes_an_object_away_has_its_space_too() throws StoreException {
        StagedObject first = begun("a", 600);
        StagedObject second = store(one).resume(info("a", 600), ObjectMetadata.EMPTY, tokenOf(first));
        first.close();

        assertFull(() -> store(one).stage(info("b", 401)));
        assertThat(error(one, second, PublishMode.CREATE_ONLY)).isNull();
        assertThat(used()).isEqualTo(600);
        assertThat(kept()).isZero();
    }

    @Test
    void an_object_that_takes_the_place_of_another_gives_that_one_s_space_back() throws StoreException {
        put(one, "a", 300);
        put(one, "b", 100);
        StagedObject replacing = begun("a", 500);
        assertThat(error(one, replacing, PublishMode.REPLACE)).isNull();
        assertThat(used()).isEqualTo(600);

        StagedObject other = begun("b", 200);
        String etag = store(one).details(ObjectPath.of("b")).etag();
        assertThat(store(one).replace(other, etag).error()).isNull();
        assertThat(used()).isEqualTo(700);
        assertThat(kept()).isZero();
    }

    @Test
    void what_a_store_could_not_publish_for_now_holds_its_space_until_it_can() throws StoreException {
        StagedObject first = begun("a", 700);
        watched.answer =
                List.of(new PublishOutcome(first.info(), new StoreException(StoreError.UNAVAILABLE, "a: no answer")));
        assertThat(error(one, first, PublishMode.CREATE_ONLY)).isEqualTo(StoreError.UNAVAILABLE);
        watched.answer = null;
        first.close();

        assertFull(() -> store(two).stage(info("b", 301)));
        StagedObject second = store(two).resume(info("a", 700), ObjectMetadata.EMPTY, tokenOf(first));
        assertThat(error(two, second, PublishMode.CREATE_ONLY)).isNull();
        two.work().flush();
        assertThat(used()).isEqualTo(700);
    }

    @Test
    void what_could_not_be_published_for_good_gives_its_space_back() throws StoreException {
        put(one, "a", 10);
        StagedObject first = begun("a", 900);

        assertThat(error(one, first, PublishMode.CREATE_ONLY)).isEqualTo(StoreError.EXISTS);
        assertThat(kept()).isZero();
        put(one, "b", 900);
    }

    @Test
    void an_object_that_died_while_it_was_published_must_find_space_again() throws StoreException {
        StagedObject first = begun("a", 700);
        int unused = site.database.transaction(handle -> handle.execute("UPDATE kept_object SET bytes = 0"));
        put(two, "b", 400);

        assertFull(() -> store(two).resume(info("a", 700), ObjectMetadata.EMPTY, tokenOf(first)));
        store(two).delete(ObjectPath.of("b"));
        two.work().flush();
        StagedObject second = store(two).resume(info("a", 700), ObjectMetadata.EMPTY, tokenOf(first));
        assertFull(() -> store(one).stage(info("c", 301)));
        assertThat(error(two, second, PublishMode.CREATE_ONLY)).isNull();
    }

    @Test
    void an_object_that_the_store_has_no_more_holds_nothing() throws StoreException {
        StagedObject first = begun("a", 900);
        new ScopedStore(shared, "user1").discard(ObjectPath.of("a"), tokenOf(first));

        assertThatThrownBy(() -> store(two).resume(info("a", 900), ObjectMetadata.EMPTY, tokenOf(first)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.error()).isEqualTo(StoreError.NOT_FOUND));
        assertThat(kept()).isZero();
        put(two, "b", 900);
    }

    @Test
    void what_nobody_has_touched_for_two_weeks_is_removed_and_what_somebody_writes_is_not() throws StoreException {
        StagedObject left = begun("a", 300);
        StagedObject written = begun("b", 300);
        left.detach();
        site.pass(KeptObjects.KEPT_MS - 1_000);
        written.force();
        site.outlive(one);
        one.work().tidy();

        assertThat(kept()).isEqualTo(1);
        assertThat(root.resolve(".ferrymesh-staging/kept")).isDirectoryNotContaining("glob:**/" + idOf(left) + "*");
        assertThat(root.resolve(".ferrymesh-staging/kept")).isDirectoryContaining("glob:**/" + idOf(written) + "*");
    }

    @Test
    void an_account_that_is_erased_leaves_nothing_of_what_was_on_its_way() throws StoreException {
        StagedObject left = begun("a", 300);
        StagedObject late = begun("b", 300);
        left.detach();
        int unused = site.database.transaction(
                handle -> handle.execute("UPDATE account SET state = 'ERASING' WHERE id = 1"));
        assertThat(error(one, late, PublishMode.CREATE_ONLY)).isEqualTo(StoreError.NOT_WRITABLE);
        one.work().flush();
        one.work().close();

        two.work().tidy();

        assertThat(site.count("SELECT COUNT(*) FROM account WHERE id = 1")).isZero();
        assertThat(kept()).isZero();
        assertThat(root).isEmptyDirectory();
    }

    /** One whole segment, forced, at the first process. */
    private StagedObject begun(String path, int size) throws StoreException {
        StagedObject staged = store(one).stageDurably(info(path, size), ObjectMetadata.EMPTY);
        staged.write(0, new byte[size], 0, size);
        staged.force();
        return staged;
    }

    private static String tokenOf(StagedObject staged) {
        return staged.token().orElseThrow();
    }

    private static String idOf(StagedObject staged) {
        return tokenOf(staged).substring(3);
    }

    private void put(Node node, String path, int size) throws StoreException {
        StagedObject staged = store(node).stage(info(path, size));
        staged.write(0, new byte[size], 0, size);
        assertThat(error(node, staged, PublishMode.CREATE_ONLY)).isNull();
    }

    private @Nullable StoreError error(Node node, StagedObject staged, PublishMode mode) {
        StoreException error = store(node).publish(List.of(staged), mode).get(0).error();
        return error == null ? null : error.error();
    }

    private ObjectStore store(Node node) {
        return node.work().stores().of(alice);
    }

    private long used() {
        one.work().flush();
        two.work().flush();
        return two.work().stores().usage(alice).used();
    }

    private long kept() {
        return site.count("SELECT COUNT(*) FROM kept_object");
    }

    private static ObjectInfo info(String path, int size) {
        return new ObjectInfo(ObjectPath.of(path), size, Site.NOW);
    }

    private static void assertFull(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.error())
                .isEqualTo(StoreError.FULL));
    }
}
