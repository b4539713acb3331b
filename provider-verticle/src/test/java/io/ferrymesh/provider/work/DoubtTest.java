package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.service.Account;
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
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Space of an account whose store did not say what became of an object. */
@OnEachDatabase
class DoubtTest {

    private final TestDatabase databases;
    private final WatchedStore watched = new WatchedStore();

    @TempDir
    private Path root;

    private ObjectStore shared;
    private Site site;
    private Node node;
    private Account alice;

    DoubtTest(TestDatabase databases) {
        this.databases = databases;
    }

    @BeforeEach
    void open() throws StoreException {
        shared = DirectoryStore.open(root);
        site = new Site(databases, account -> watched.over(new ScopedStore(shared, account.name())));
        node = site.process();
        alice = site.account(1);
        node.work().beat();
        assertThat(put(300).error()).isNull();
        node.work().flush();
        assertThat(dueAt()).isZero();
    }

    @AfterEach
    void close() {
        site.close();
        shared.close();
    }

    @Test
    void what_is_replaced_and_cannot_be_looked_at_is_found_by_a_count() throws StoreException {
        watched.looking = this::away;
        assertThat(put(100).error()).isNull();
        watched.looking = () -> {};
        node.work().flush();
        assertThat(used()).isEqualTo(400);

        count();

        assertThat(used()).isEqualTo(100);
    }

    @Test
    void what_came_to_be_although_the_answer_was_lost_is_found_by_a_count() throws StoreException {
        try (StagedObject staged = staged("b", 50)) {
            assertThat(write("b", 50).error()).isNull(); // by somebody whom nobody charges
            PublishOutcome lost =
                    new PublishOutcome(staged.info(), new StoreException(StoreError.UNAVAILABLE, "no answer"));
            watched.answer = List.of(lost);
            assertThat(store().publish(List.of(staged), PublishMode.CREATE_ONLY))
                    .containsExactly(lost);
            watched.answer = null;
        }
        node.work().flush();
        assertThat(used()).isEqualTo(300);

        count();

        assertThat(used()).isEqualTo(350);
    }

    @Test
    void a_count_during_which_a_doubt_arises_is_not_the_last() throws StoreException {
        quieten();
        int due = site.database.transaction(
                handle -> handle.execute("UPDATE space_count SET due_at = 0 WHERE account = 1"));
        assertThat(due).isEqualTo(1);
        watched.listed.set(() -> {
            try (StagedObject staged = staged("b", 50)) {
                watched.answer = List.of(
                        new PublishOutcome(staged.info(), new StoreException(StoreError.UNAVAILABLE, "no answer")));
                assertThat(store().publish(List.of(staged), PublishMode.CREATE_ONLY))
                        .hasSize(1);
                watched.answer = null;
            }
            quieten();
        });

        node.work().tidy();

        assertThat(watched.listed.get()).as("whether it was counted").isNull();
        assertThat(dueAt()).isNotZero();
    }

    /** When it is due, which it must be soon, and nothing is set aside any more. */
    private void count() {
        assertThat(dueAt()).isEqualTo(Site.NOW.toEpochMilli() + Recount.AGAIN_MS);
        quieten();
        int due = site.database.transaction(handle -> handle.execute("UPDATE space_count SET due_at = 0"));
        assertThat(due).isEqualTo(1);
        node.work().tidy();
    }

    /** Until nothing is set aside. */
    private void quieten() {
        for (int i = 0; i < 6; i++) {
            site.pass(2_000);
            node.work().beat();
        }
        node.work().flush();
    }

    private void away() throws StoreException {
        throw new StoreException(StoreError.UNAVAILABLE, "no answer");
    }

    private PublishOutcome put(int size) throws StoreException {
        return store().publish(List.of(staged("a", size)), PublishMode.REPLACE).get(0);
    }

    private StagedObject staged(String path, int size) throws StoreException {
        StagedObject staged = store().stage(new ObjectInfo(ObjectPath.of(path), size, Site.NOW));
        staged.write(0, new byte[size], 0, size);
        return staged;
    }

    private PublishOutcome write(String path, int size) throws StoreException {
        ObjectStore plain = new ScopedStore(shared, alice.name());
        StagedObject staged = plain.stage(new ObjectInfo(ObjectPath.of(path), size, Site.NOW));
        staged.write(0, new byte[size], 0, size);
        return plain.publish(List.of(staged), PublishMode.CREATE_ONLY).get(0);
    }

    private ObjectStore store() {
        return node.work().stores().of(alice);
    }

    private long used() {
        return node.work().stores().usage(alice).used();
    }

    private long dueAt() {
        return site.count("SELECT COALESCE(MAX(due_at), 0) FROM space_count");
    }
}
