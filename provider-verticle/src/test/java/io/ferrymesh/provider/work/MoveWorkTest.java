package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.Departed;
import io.ferrymesh.provider.engine.DepartureLog;
import io.ferrymesh.provider.engine.GrantOffer;
import io.ferrymesh.provider.engine.GrantState;
import io.ferrymesh.provider.node.RestoredDatabase;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountEvent;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.GrantView;
import io.ferrymesh.provider.service.MovedView;
import io.ferrymesh.provider.service.NewGrant;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ScopedStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a source erases once it has arrived, whoever is killed when. */
@OnEachDatabase
class MoveWorkTest {

    private static final byte[] RECEIPT = {1, 2, 3};

    private final TestDatabase databases;
    private final WatchedStore watched = new WatchedStore();

    @TempDir
    private Path root;

    private ObjectStore shared;
    private Site site;
    private Node one;
    private Node two;
    private Account alice;
    private Path files;

    MoveWorkTest(TestDatabase databases) {
        this.databases = databases;
    }

    @BeforeEach
    void open() throws Exception {
        shared = DirectoryStore.open(root);
        site = new Site(databases, account -> watched.over(new ScopedStore(shared, account.name())));
        one = site.process();
        two = site.process();
        alice = site.account(1);
        files = root.resolve(alice.name()).resolve("photos");
        for (String name : List.of("1", "2", "3")) {
            write(name, "content of " + name);
        }
    }

    @AfterEach
    void close() {
        site.close();
        shared.close();
    }

    @Test
    void nothing_is_erased_before_the_destination_has_the_receipt_whoever_dies() throws Exception {
        NewGrant grant = given();
        DepartureLog.Run run = run(grant);
        run.arrived(List.of(sent("1"), sent("2")));
        one.work().erase();
        offer(grant).receipts().keep(RECEIPT.clone(), FakeEngine.ROOT);
        one.work().erase();
        site.outlive(two);

        two.work().erase();

        assertThat(names()).containsExactly("1", "2", "3");
        assertThat(moved(grant)).isEqualTo(new MovedView(MovedView.State.PENDING, 0, 0, 0, 0));
        assertThatThrownBy(run::completed).as("it has lost the grant").isInstanceOf(MeshException.class);
    }

    @Test
    void what_the_receipt_covers_is_erased_by_another_process_after_a_kill() throws Exception {
        NewGrant grant = given();
        completed(grant, sent("1"), sent("2"));
        assertThat(moved(grant)).isEqualTo(new MovedView(MovedView.State.ERASING, 0, 0, 0, 0));
        site.outlive(two);

        two.work().erase();

        assertThat(names()).as("what was excluded, or failed, stays").containsExactly("3");
        assertThat(moved(grant)).isEqualTo(new MovedView(MovedView.State.DONE, 2, 24, 0, 0));
        assertThat(site.count("SELECT COUNT(*) FROM grant_departed")).isZero();
        assertThat(told(EventType.GRANT_MOVED))
                .extracting(AccountEvent::removed)
                .containsExactly(Optional.of(new AccountEvent.Removed(2, 24, 0, 0, Optional.empty())));
        assertThat(site.count("SELECT COUNT(*) FROM audit_entry WHERE type = 'grant.moved'"))
                .isEqualTo(1);
        two.work().erase();
        assertThat(told(EventType.GRANT_MOVED)).hasSize(1);
    }

    @Test
    void who_is_taken_for_dead_in_the_middle_erases_nothing_more() throws Exception {
        NewGrant grant = given();
        completed(grant, sent("1"), sent("2"), sent("3"));
        AtomicInteger deletions = new AtomicInteger();
        watched.deleting = () -> {
            if (deletions.incrementAndGet() == 2) {
                site.outlive(two);
                two.work().erase();
            }
        };

        one.work().erase();

        assertThat(names()).isEmpty();
        assertThat(deletions).as("of three, and one that both had in hand").hasValueLessThanOrEqualTo(4);
        assertThat(moved(grant).objects()).isEqualTo(3);
        assertThat(moved(grant).bytes()).isEqualTo(36);
        assertThat(told(EventType.GRANT_MOVED)).hasSize(1);
    }

    @Test
    void what_has_changed_since_it_was_sent_stays() throws Exception {
        NewGrant grant = given();
        Departed sameSizeAndTime = sent("1");
        completed(grant, sameSizeAndTime, sent("2"), sent("3"));
        write("1", "CONTENT of 1");
        Files.setLastModifiedTime(
                files.resolve("1"), FileTime.from(sameSizeAndTime.listed().modified()));
        write("2", "something longer");

        one.work().erase();

        assertThat(names()).containsExactly("1", "2");
        assertThat(moved(grant)).isEqualTo(new MovedView(MovedView.State.DONE, 1, 12, 2, 0));
    }

    @Test
    void what_changes_right_before_it_is_erased_stays() throws Exception {
        NewGrant grant = given();
        completed(grant, sent("1"));
        watched.deleting = () -> {
            try {
                write("1", "something else");
            } catch (IOException e) {
                throw new StoreException(StoreError.IO_ERROR, "not written", e);
            }
        };

        one.work().erase();

        assertThat(files.resolve("1")).hasContent("something else");
        assertThat(moved(grant)).isEqualTo(new MovedView(MovedView.State.DONE, 0, 0, 1, 0));
    }

    @Test
    void what_only_an_earlier_run_has_sent_stays() throws Exception {
        NewGrant grant = given();
        run(grant).arrived(List.of(sent("1"), sent("2")));

        completed(grant, sent("2"));
        one.work().erase();

        assertThat(names()).containsExactly("1", "3");
        assertThat(site.count("SELECT COUNT(*) FROM grant_departed")).isZero();
    }

    @Test
    void what_was_known_from_an_earlier_run_is_erased_if_it_is_still_what_was_read_then() throws Exception {
        NewGrant grant = given();
        Departed first = sent("1");
        Departed second = sent("2");
        run(grant).arrived(List.of(first, second));
        write("2", "CONTENT of 2");
        Files.setLastModifiedTime(
                files.resolve("2"), FileTime.from(second.listed().modified()));

        completed(
                grant, new Departed(first.listed(), Optional.empty()), new Departed(second.listed(), Optional.empty()));
        one.work().erase();

        assertThat(names()).containsExactly("2", "3");
        assertThat(moved(grant)).isEqualTo(new MovedView(MovedView.State.DONE, 1, 12, 1, 0));
    }

    @Test
    void a_grant_that_is_withdrawn_before_it_completes_erases_nothing() throws Exception {
        NewGrant grant = given();
        DepartureLog.Run run = run(grant);
        run.arrived(List.of(sent("1")));
        offer(grant).receipts().keep(RECEIPT.clone(), FakeEngine.ROOT);
        two.work().grants().withdraw(alice, grant.id());

        assertThatThrownBy(run::completed).isInstanceOf(MeshException.class);
        one.turn();
        one.work().erase();

        assertThat(names()).containsExactly("1", "2", "3");
        assertThat(moved(grant).state()).isEqualTo(MovedView.State.PENDING);
        assertThat(site.count("SELECT COUNT(*) FROM grant_departed")).isZero();
    }

    @Test
    void a_grant_that_moves_nothing_keeps_no_rows_and_another_wish_under_its_id_is_refused() {
        NewGrant plain = site.grant();
        assertThat(one.work().grants().create(alice, plain).fresh()).isTrue();
        one.turn();

        assertThat(offer(plain).departures()).isEmpty();
        assertThat(one.work().grants().show(alice, plain.id()).moved()).isEmpty();
        assertThatThrownBy(() -> one.work().grants().create(alice, moving(plain)))
                .isInstanceOf(ServiceException.class);
    }

    @Test
    void while_the_store_is_away_it_waits_ever_longer() throws Exception {
        NewGrant grant = given();
        completed(grant, sent("1"));
        AtomicInteger tries = new AtomicInteger();
        watched.deleting = () -> {
            int unused = tries.incrementAndGet();
            throw new StoreException(StoreError.UNAVAILABLE, "away");
        };
        one.work().erase();
        one.work().erase();
        assertThat(tries).hasValue(1);
        pass(5_000);
        one.work().erase();
        pass(9_999);
        one.work().erase();
        assertThat(tries).hasValue(2);
        watched.deleting = () -> {};
        pass(1);

        one.work().erase();

        assertThat(names()).containsExactly("2", "3");
        assertThat(moved(grant)).isEqualTo(new MovedView(MovedView.State.DONE, 1, 12, 0, 0));
    }

    @Test
    void what_cannot_be_erased_is_tried_eight_times_and_keeps_nothing_else_waiting() throws Exception {
        NewGrant grant = given();
        completed(grant, sent("1"), sent("2"));
        AtomicInteger refused = new AtomicInteger();
        watched.deleting = () -> {
            if (refused.get() == 0 || Files.notExists(files.resolve("2")) || Files.notExists(files.resolve("1"))) {
                int unused = refused.incrementAndGet();
                throw new StoreException(StoreError.NOT_WRITABLE, "read only");
            }
        };
        one.work().erase();
        assertThat(names()).as("the other one").hasSize(2);
        for (int i = 0; i < Moves.ATTEMPTS - 1; i++) {
            pass(5_000L << i);
            one.work().erase();
        }

        assertThat(refused).hasValue(Moves.ATTEMPTS);
        assertThat(moved(grant)).isEqualTo(new MovedView(MovedView.State.DONE, 1, 12, 0, 1));
    }

    @Test
    void while_objects_are_erased_the_grant_is_offered_to_nobody_and_then_again_for_what_failed() throws Exception {
        one.engine().failed = 1;
        NewGrant grant = given();
        completed(grant, sent("1"));
        for (int i = 0; i < 5; i++) {
            pass(2_000);
            one.turn();
            two.turn();
        }
        assertThat(one.engine().offers).doesNotContainKey(grant.id());
        assertThat(two.engine().offers).doesNotContainKey(grant.id());

        one.work().erase();
        one.turn();
        two.turn();

        assertThat(one.engine().offers.containsKey(grant.id())
                        ^ two.engine().offers.containsKey(grant.id()))
                .isTrue();
    }

    @Test
    void nothing_moves_from_an_account_to_itself() {
        NewGrant first = given();
        NewMigration back = new NewMigration(first.id(), first.psk());
        assertThatThrownBy(() -> one.work().migrations().create(alice, back))
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.error()).isEqualTo(ServiceError.CONFLICT));
        NewGrant second = moving(site.grant());
        assertThat(two.work()
                        .migrations()
                        .create(alice, new NewMigration(second.id(), second.psk()))
                        .fresh())
                .isTrue();
        assertThatThrownBy(() -> one.work().grants().create(alice, second))
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.error()).isEqualTo(ServiceError.CONFLICT));

        Account bob = site.account(2);
        assertThat(one.work().migrations().create(bob, back).fresh()).isTrue();
        assertThat(site.count("SELECT COUNT(*) FROM grant_offer")).isEqualTo(1);
    }

    @Test
    void what_is_not_known_to_be_what_was_read_stays() throws Exception {
        NewGrant grant = given();
        completed(grant, new Departed(sent("1").listed(), Optional.empty()), sent("2"));

        one.work().erase();

        assertThat(names()).containsExactly("1", "3");
        assertThat(moved(grant)).isEqualTo(new MovedView(MovedView.State.DONE, 1, 12, 1, 0));
    }

    @Test
    void nothing_arrives_from_when_a_move_lists_until_it_has_erased() throws Exception {
        NewGrant grant = given();
        DepartureLog.Run run = run(grant);
        NewMigration migration = site.migration();
        assertThat(two.work().migrations().create(alice, migration).fresh()).isTrue();
        turns();
        assertThat(begun(migration)).isFalse();
        run.arrived(List.of(sent("1")));
        offer(grant).receipts().keep(RECEIPT.clone(), FakeEngine.ROOT);
        run.completed();
        run.over();
        one.engine().source(grant.id(), GrantState.COMPLETED, Optional.empty());
        turns();
        assertThat(begun(migration)).isFalse();

        one.work().erase();
        turns();

        assertThat(begun(migration)).isTrue();
        assertThat(names()).containsExactly("2", "3");
    }

    @Test
    void a_move_that_ended_without_a_receipt_keeps_nothing_out() {
        NewGrant grant = given();
        NewMigration migration = site.migration();
        assertThat(two.work().migrations().create(alice, migration).fresh()).isTrue();
        DepartureLog.Run run = run(grant);
        turns();
        assertThat(begun(migration)).isFalse();

        run.over();
        turns();

        assertThat(begun(migration)).isTrue();
        assertThatThrownBy(() -> run.arrived(List.of(sent("1")))).isInstanceOf(MeshException.class);
    }

    @Test
    void while_something_arrives_no_move_lists_anything() {
        NewGrant grant = given();
        NewMigration migration = site.migration();
        assertThat(two.work().migrations().create(alice, migration).fresh()).isTrue();
        turns();
        assertThat(begun(migration)).isTrue();

        assertThatThrownBy(() -> run(grant)).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.OVERLOADED));
    }

    @Test
    void a_grant_that_asks_to_leave_has_its_turn_before_what_comes_later_and_says_why_it_waits() {
        NewGrant grant = given();
        NewMigration first = arriving();
        assertThat(begun(first)).isTrue();

        assertThat(offer(grant).departures().orElseThrow().mayBegin()).isFalse();
        NewMigration second = arriving();

        assertThat(begun(second)).isFalse();
        assertThat(two.work().grants().show(alice, grant.id()).failure().orElseThrow())
                .isEqualTo(new FailureView("OVERLOADED", DepartureTable.BUSY));
        assertThat(why(second)).contains("move away first");
        one.engine().fails(first.id(), ErrorCode.CONFLICT, "it is over");
        turn();
        assertThat(begun(second)).isFalse();
        assertThat(offer(grant).departures().orElseThrow().mayBegin()).isTrue();
        DepartureLog.Run run = run(grant);
        turn();
        assertThat(begun(second)).isFalse();
        assertThat(why(second)).contains(grant.id().toString());
        run.over();
        turn();
        assertThat(begun(second)).isTrue();
    }

    @Test
    void who_asks_to_leave_and_cannot_keeps_others_out_no_longer_than_its_turn() {
        NewGrant grant = given();
        NewMigration first = arriving();
        assertThat(offer(grant).departures().orElseThrow().mayBegin()).isFalse();
        NewMigration second = arriving();
        assertThat(begun(second)).isFalse();
        int unused = site.database.transaction(handle ->
                handle.execute("UPDATE account SET leaving_wanted_at = leaving_wanted_at - ?", Apart.TURN_MS));
        assertThat(offer(grant).departures().orElseThrow().mayBegin()).isFalse();

        turn();

        assertThat(begun(first)).isTrue();
        assertThat(begun(second)).isTrue();
    }

    @Test
    void a_destination_that_stands_still_gives_way_to_what_is_to_arrive() {
        NewGrant grant = given();
        DepartureLog.Run run = run(grant);
        one.engine().source(grant.id(), GrantState.RUNNING, Optional.empty());
        NewMigration migration = arriving();
        assertThat(begun(migration)).isFalse();
        pass(Apart.TURN_MS / 2);
        one.engine().steps = 1;
        turn();
        pass(Apart.TURN_MS - 4_000);
        turn();
        assertThat(begun(migration)).isFalse();

        turn();

        assertThat(one.engine().calls).contains("release " + grant.id());
        assertThat(begun(migration)).isTrue();
        assertThatThrownBy(run::completed).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void a_run_whose_grant_another_process_has_is_tried_again_and_one_whose_grant_has_ended_is_not() {
        NewGrant lost = given();
        NewGrant ended = given();
        DepartureLog.Run first = run(lost);
        DepartureLog.Run second = run(ended);
        int unused = site.database.transaction(handle -> handle.execute("UPDATE grant_offer SET fence = fence + 1"));
        two.work().grants().withdraw(alice, ended.id());

        assertThatThrownBy(first::completed).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.UNAVAILABLE));
        assertThatThrownBy(second::completed).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.CANCELLED));
    }

    @Test
    void what_a_process_of_a_version_before_has_completed_keeps_out_what_is_to_arrive() throws Exception {
        NewGrant grant = given();
        completed(grant, sent("1"));
        int unused = site.database.transaction(
                handle -> handle.execute("UPDATE grant_offer SET leaving_fence = NULL, leaving_session = NULL"));

        NewMigration migration = arriving();

        assertThat(begun(migration)).isFalse();
        assertThat(why(migration)).contains("being erased");
    }

    private NewMigration arriving() {
        NewMigration migration = site.migration();
        assertThat(one.work().migrations().create(alice, migration).fresh()).isTrue();
        turn();
        return migration;
    }

    private void turn() {
        pass(2_000);
        one.turn();
    }

    private String why(NewMigration migration) {
        return two.work()
                .migrations()
                .show(alice, migration.id())
                .failure()
                .orElseThrow()
                .message();
    }

    @Test
    void who_has_much_to_erase_lets_others_have_their_turn() throws Exception {
        Account bob = site.account(2);
        Files.createDirectories(root.resolve(bob.name()).resolve("photos"));
        Files.writeString(root.resolve(bob.name()).resolve("photos/b"), "bob's");
        NewGrant much = given();
        completed(much, sent("1"), sent("2"), sent("3"));
        NewGrant little = moving(site.grant());
        assertThat(one.work().grants().create(bob, little).fresh()).isTrue();
        one.turn();
        ObjectDetails his = new ScopedStore(shared, bob.name()).details(ObjectPath.of("photos/b"));
        completed(little, new Departed(his.info(), Optional.of(his.etag())));
        watched.deleting = () -> pass(Moves.TURN_MS / 2);

        one.work().erase();

        assertThat(two.work().grants().show(bob, little.id()).moved().orElseThrow())
                .extracting(MovedView::state)
                .isEqualTo(MovedView.State.DONE);
        assertThat(moved(much)).isEqualTo(new MovedView(MovedView.State.ERASING, 2, 24, 0, 0));
        one.work().erase();
        assertThat(moved(much).state()).isEqualTo(MovedView.State.DONE);
    }

    @Test
    void a_run_that_is_interrupted_often_has_room_for_what_it_has_entered_before() throws Exception {
        NewGrant grant = given();
        long most = Site.OPTIONS.maxJournalEntries();
        for (long entered = 0; entered <= 2 * most; entered += 3) {
            run(grant).arrived(List.of(sent("1"), sent("2"), sent("3")));
        }

        completed(grant, sent("1"), sent("2"), sent("3"));
        one.work().erase();

        assertThat(names()).isEmpty();
    }

    @Test
    void a_process_that_does_not_know_what_a_move_is_sees_none_that_is_due() {
        NewGrant grant = moving(site.grant());
        String asBefore = "SELECT COUNT(*) FROM grant_offer WHERE holder IS NULL AND retry_at < 9223372036854775807";
        assertThat(two.work().grants().create(alice, grant).fresh()).isTrue();
        assertThat(site.count(asBefore)).isZero();
        one.engine().refusal = new IllegalStateException("not now");
        one.turn();
        one.turn();
        assertThat(site.count("SELECT COUNT(*) FROM grant_offer WHERE holder IS NULL"))
                .isEqualTo(1);
        assertThat(site.count(asBefore)).isZero();
        one.engine().refusal = null;
        pass(6_000);

        turns();

        assertThat(one.engine().offers.containsKey(grant.id())
                        ^ two.engine().offers.containsKey(grant.id()))
                .isTrue();
    }

    @Test
    void a_restored_database_erases_nothing_and_offers_nothing_again() throws Exception {
        NewGrant grant = given();
        completed(grant, sent("1"), sent("2"));
        pass(2_000);
        one.turn();
        NewGrant waiting = site.grant();
        assertThat(one.work().grants().create(alice, waiting).fresh()).isTrue();

        assertThat(RestoredDatabase.take(site.database).grants()).isEqualTo(1);
        one.work().erase();
        turns();

        assertThat(names()).containsExactly("1", "2", "3");
        assertThat(moved(grant)).isEqualTo(new MovedView(MovedView.State.DONE, 0, 0, 0, 0));
        assertThat(one.work().grants().show(alice, waiting.id()).state()).isEqualTo(GrantView.State.WITHDRAWN);
        assertThat(site.count("SELECT COUNT(*) FROM grant_offer WHERE psk IS NOT NULL"))
                .isZero();
        assertThat(told(EventType.GRANT_WITHDRAWN)).hasSize(1);
        assertThat(one.engine().offers).doesNotContainKey(waiting.id());
    }

    @Test
    void what_is_still_to_be_erased_and_what_cannot_be_is_counted() throws Exception {
        NewGrant grant = given();
        completed(grant, sent("1"));
        watched.deleting = () -> {
            throw new StoreException(StoreError.NOT_WRITABLE, "read only");
        };
        pass(4_000);
        one.work().count();
        assertThat(one.work().upkeep().movesErasing()).isEqualTo(1);
        assertThat(one.work().upkeep().movesOldestSeconds()).isEqualTo(4);

        for (int i = 0; i < Moves.ATTEMPTS; i++) {
            one.work().erase();
            pass(5_000L << i);
        }
        one.work().count();

        assertThat(one.work().upkeep().movesErasing()).isZero();
        assertThat(one.work().upkeep().movesOldestSeconds()).isZero();
        assertThat(one.work().upkeep().movesFailed()).isEqualTo(1);
    }

    @Test
    void an_account_that_is_erased_takes_the_rows_with_it() throws Exception {
        NewGrant grant = given();
        completed(grant, sent("1"));
        boolean unused = site.database.transaction(handle -> {
            handle.execute("UPDATE account SET state = 'ERASING' WHERE id = 1");
            return true;
        });

        one.work().erase();
        assertThat(names()).as("its objects are another job's").hasSize(3);
        one.work().tidy();
        one.turn();
        one.work().tidy();

        assertThat(site.count("SELECT COUNT(*) FROM grant_departed")).isZero();
        assertThat(site.count("SELECT COUNT(*) FROM account WHERE id = 1")).isZero();
    }

    private void turns() {
        for (int i = 0; i < 3; i++) {
            pass(2_000);
            one.turn();
            two.turn();
        }
    }

    private boolean begun(NewMigration migration) {
        return one.engine().orders.containsKey(migration.id())
                || two.engine().orders.containsKey(migration.id());
    }

    private NewGrant given() {
        NewGrant grant = moving(site.grant());
        assertThat(one.work().grants().create(alice, grant).fresh()).isTrue();
        one.turn();
        return grant;
    }

    private static NewGrant moving(NewGrant grant) {
        return new NewGrant(grant.id(), grant.psk(), grant.prefix(), grant.expiresInSeconds(), true);
    }

    private GrantOffer offer(NewGrant grant) {
        return Objects.requireNonNull(one.engine().offers.get(grant.id()));
    }

    private DepartureLog.Run run(NewGrant grant) {
        DepartureLog.Run run = offer(grant).departures().orElseThrow().begin();
        run.begins();
        return run;
    }

    /** As the engine does it. */
    private void completed(NewGrant grant, Departed... objects) {
        DepartureLog.Run run = run(grant);
        run.arrived(List.of(objects));
        offer(grant).receipts().keep(RECEIPT.clone(), FakeEngine.ROOT);
        run.completed();
        one.engine().source(grant.id(), GrantState.COMPLETED, Optional.empty());
        one.turn();
    }

    private Departed sent(String name) throws StoreException {
        ObjectDetails now = new ScopedStore(shared, alice.name()).details(ObjectPath.of("photos/" + name));
        return new Departed(now.info(), Optional.of(now.etag()));
    }

    private void write(String name, String content) throws IOException {
        Files.createDirectories(files);
        Files.writeString(files.resolve(name), content);
    }

    private List<String> names() throws IOException {
        if (Files.notExists(files)) {
            return List.of();
        }
        try (var all = Files.list(files)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    private MovedView moved(NewGrant grant) {
        return two.work().grants().show(alice, grant.id()).moved().orElseThrow();
    }

    private List<AccountEvent> told(EventType type) {
        return two.work().events().events(alice, 0, 100).stream()
                .filter(event -> event.type() == type)
                .toList();
    }

    /** In steps, or the processes take themselves for dead. */
    private void pass(long ms) {
        for (long left = ms; left > 0; left -= 2_000) {
            site.pass(Math.min(2_000, left));
            one.work().beat();
            two.work().beat();
        }
    }
}
