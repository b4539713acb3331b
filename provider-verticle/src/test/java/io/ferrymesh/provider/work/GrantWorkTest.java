package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.Failure;
import io.ferrymesh.provider.engine.GrantState;
import io.ferrymesh.provider.engine.ReceiptLog;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.GrantView;
import io.ferrymesh.provider.service.GrantView.State;
import io.ferrymesh.provider.service.NewGrant;
import io.ferrymesh.provider.service.Page;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.stores.ObjectStore;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Grants of a provider with two processes. */
@OnEachDatabase
class GrantWorkTest {

    private final Site site;
    private final Node one;
    private final Node two;
    private final Account alice;
    private final Account bob;

    GrantWorkTest(TestDatabase databases) {
        site = new Site(databases, account -> untouched());
        one = site.process();
        two = site.process();
        alice = site.account(1);
        bob = site.account(2);
    }

    static ObjectStore untouched() {
        return (ObjectStore) Proxy.newProxyInstance(
                GrantWorkTest.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (self, method, args) -> {
                    throw new IllegalStateException("nobody reads or writes here: " + method);
                });
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void a_grant_is_offered_by_one_process_with_its_key_and_seen_by_all() {
        NewGrant grant = site.grant();

        assertThat(one.work().grants().create(alice, grant).fresh()).isTrue();
        turn();

        assertThat(one.engine().calls).containsExactly("offer " + grant.id());
        assertThat(two.engine().calls).isEmpty();
        assertThat(one.engine().keys.get(grant.id()))
                .isEqualTo(HexFormat.of().formatHex(grant.psk().copy()));
        assertThat(Objects.requireNonNull(one.engine().offers.get(grant.id())).prefix())
                .isEqualTo("photos/");
        assertThat(show(two, grant).state()).isEqualTo(State.WAITING);
        assertThat(show(two, grant).expiresAt()).isEqualTo(Site.NOW.plusSeconds(3_600));
    }

    @Test
    void the_key_is_sealed_in_the_database_and_gone_when_the_grant_has_ended() {
        NewGrant grant = given();
        byte[] kept = site.value(byte[].class, "SELECT psk FROM grant_offer WHERE id = :id", grant.id());
        assertThat(HexFormat.of().formatHex(kept))
                .doesNotContain(HexFormat.of().formatHex(grant.psk().copy()));

        one.work().grants().withdraw(alice, grant.id());

        assertThat(keyIsThere(grant)).isFalse();
    }

    @Test
    void vouchers_of_a_grant_are_worth_nothing_for_another_that_has_its_id_later() {
        NewGrant grant = given();
        one.turn();
        two.turn();
        String key = voucherKey(grant);
        site.outlive(two);
        assertThat(two.engine().voucherKeys).containsEntry(grant.id(), key);
        int unused = site.database.transaction(handle -> handle.execute("DELETE FROM grant_offer"));

        assertThat(two.work()
                        .grants()
                        .create(bob, new NewGrant(grant.id(), grant.psk(), "other/", 3_600))
                        .fresh())
                .isTrue();
        two.engine().voucherKeys.clear();
        two.turn();

        assertThat(two.engine().voucherKeys).containsKey(grant.id()).doesNotContainValue(key);
    }

    private String voucherKey(NewGrant grant) {
        return Objects.requireNonNullElseGet(
                one.engine().voucherKeys.get(grant.id()),
                () -> Objects.requireNonNull(two.engine().voucherKeys.get(grant.id())));
    }

    @Test
    void what_the_engine_says_is_seen_by_all_and_a_receipt_ends_it() {
        NewGrant grant = given();
        one.engine().source(grant.id(), GrantState.RUNNING, Optional.empty());
        turn();

        GrantView running = show(two, grant);
        assertThat(running.state()).isEqualTo(State.RUNNING);
        assertThat(running.bytesSent()).isEqualTo(4_096);
        assertThat(running.own()).contains(FakeEngine.OWN);
        assertThat(running.peer()).contains(FakeEngine.PEER);

        one.engine().source(grant.id(), GrantState.COMPLETED, Optional.empty());
        turn();

        assertThat(show(two, grant).state()).isEqualTo(State.COMPLETED);
        assertThat(two.work().grants().receipt(alice, grant.id(), 0)).containsExactly(1, 2, 3);
        assertThat(keyIsThere(grant)).isFalse();
    }

    @Test
    void a_receipt_is_kept_before_the_grant_has_completed_and_survives_the_process() {
        NewGrant grant = given();
        Objects.requireNonNull(one.engine().offers.get(grant.id())).receipts().keep(new byte[] {5}, FakeEngine.ROOT);

        site.outlive(two);

        assertThat(two.work().grants().receipt(alice, grant.id(), 0)).containsExactly(5);
    }

    @Test
    void a_receipt_takes_the_place_of_no_other() {
        NewGrant grant = given();
        ReceiptLog receipts =
                Objects.requireNonNull(one.engine().offers.get(grant.id())).receipts();
        receipts.keep(new byte[] {5}, FakeEngine.ROOT);
        receipts.keep(new byte[] {6}, FakeEngine.ROOT);
        receipts.keep(new byte[] {5}, FakeEngine.ROOT);
        int unused =
                site.database.transaction(handle -> handle.execute("UPDATE grant_receipt SET objects = 2 - number"));
        one.engine().source(grant.id(), GrantState.COMPLETED, Optional.empty());
        turn();

        assertThat(two.work().grants().receipt(alice, grant.id(), 1)).containsExactly(5);
        assertThat(two.work().grants().receipt(alice, grant.id(), 2)).containsExactly(6);
        assertThat(two.work().grants().receipt(alice, grant.id(), 3)).containsExactly(1, 2, 3);
        assertRefused(ServiceError.NOT_FOUND, () -> two.work().grants().receipt(alice, grant.id(), 4));
        assertThat(two.work().grants().receipt(alice, grant.id(), 0))
                .as("the one that covers most")
                .containsExactly(5);
    }

    @Test
    void a_failed_grant_stays_offered_with_its_failure() {
        NewGrant grant = given();
        one.engine()
                .source(
                        grant.id(),
                        GrantState.FAILED,
                        Optional.of(new Failure(ErrorCode.PEER_LOST, "the destination is gone")));
        turn();

        assertThat(show(two, grant).state()).isEqualTo(State.FAILED);
        assertThat(show(two, grant).failure().orElseThrow().code()).isEqualTo("PEER_LOST");
        assertThat(keyIsThere(grant)).isTrue();
        assertThat(one.engine().offers).containsKey(grant.id());
    }

    @Test
    void the_grants_of_a_dead_process_are_offered_by_another() {
        NewGrant waiting = given();
        NewGrant running = given();
        one.engine().source(running.id(), GrantState.RUNNING, Optional.empty());
        turn();

        site.outlive(two);

        assertThat(two.engine().offers.keySet()).containsExactlyInAnyOrder(waiting.id(), running.id());
        assertThat(two.engine().keys.get(waiting.id()))
                .isEqualTo(HexFormat.of().formatHex(waiting.psk().copy()));
        assertThat(show(two, running).state()).isEqualTo(State.WAITING);
    }

    @Test
    void a_process_that_beats_keeps_its_grants() {
        NewGrant grant = given();

        site.outlive(one, two);

        assertThat(one.engine().offers).containsKey(grant.id());
        assertThat(two.engine().calls).isEmpty();
    }

    @Test
    void a_process_taken_for_dead_lets_go_when_it_comes_back_and_changes_nothing() {
        NewGrant grant = given();
        site.outlive(two);
        one.engine().source(grant.id(), GrantState.COMPLETED, Optional.empty());

        one.turn();
        turn();

        assertThat(one.engine().calls).containsExactly("offer " + grant.id(), "release " + grant.id());
        assertThat(show(one, grant).state()).isEqualTo(State.WAITING);
        assertThat(two.engine().offers).containsKey(grant.id());
    }

    @Test
    void a_process_that_starts_again_offers_what_it_offered() {
        NewGrant grant = given();
        NewGrant other = given();
        Node again = site.process();

        site.outlive(again);

        assertThat(again.engine().offers).containsOnlyKeys(grant.id(), other.id());
    }

    @Test
    void hand_over_lets_another_offer_at_once() {
        NewGrant grant = given();

        one.work().handOver();
        two.turn();

        assertThat(one.engine().calls).endsWith("release " + grant.id());
        assertThat(two.engine().offers).containsKey(grant.id());
        assertThat(site.count("SELECT COUNT(*) FROM instance")).isEqualTo(1);
        one.work().look();
        assertThat(one.engine().offers).isEmpty();
    }

    @Test
    void what_is_withdrawn_at_another_process_ends_where_it_is_offered() {
        NewGrant grant = given();

        two.work().grants().withdraw(alice, grant.id());
        assertThat(show(two, grant).state()).isEqualTo(State.WITHDRAWN);
        one.engine().source(grant.id(), GrantState.RUNNING, Optional.empty());
        turn();

        assertThat(one.engine().calls).endsWith("withdraw " + grant.id());
        assertThat(show(two, grant).state()).isEqualTo(State.WITHDRAWN);
        assertThat(site.count("SELECT COUNT(*) FROM grant_offer WHERE holder IS NOT NULL"))
                .isZero();
        two.work().grants().withdraw(alice, grant.id());
    }

    @Test
    void a_completed_grant_cannot_be_withdrawn() {
        NewGrant grant = given();
        one.engine().source(grant.id(), GrantState.COMPLETED, Optional.empty());
        turn();

        assertRefused(ServiceError.CONFLICT, () -> two.work().grants().withdraw(alice, grant.id()));
    }

    @Test
    void a_grant_expires_wherever_it_is_offered() {
        NewGrant grant = site.grant(60);
        assertThat(one.work().grants().create(alice, grant).fresh()).isTrue();
        one.turn();
        for (int i = 0; i < 30; i++) { // in steps, or the processes take themselves for dead
            site.pass(2_000);
            two.turn();
            one.work().beat();
        }

        assertThat(show(two, grant).state()).isEqualTo(State.EXPIRED);
        assertThat(keyIsThere(grant)).isFalse();
        turn();
        assertThat(one.engine().calls).contains("withdraw " + grant.id());
    }

    @Test
    void a_grant_the_engine_does_not_take_is_tried_elsewhere_and_later_here() {
        one.engine().refusal = new MeshException(ErrorCode.OVERLOADED, "too many");
        NewGrant grant = given();
        one.turn();
        assertThat(one.engine().calls).containsExactly("offer " + grant.id(), "release " + grant.id());

        site.pass(2_500);
        one.turn();
        site.pass(2_600);
        one.turn();

        assertThat(one.engine().calls).endsWith("offer " + grant.id());
        assertThat(show(two, grant).state()).isEqualTo(State.WAITING);
    }

    @Test
    void the_same_again_is_no_error_and_anything_else_is() {
        NewGrant grant = given();

        assertThat(two.work().grants().create(alice, grant).fresh()).isFalse();
        assertRefused(ServiceError.CONFLICT, () -> two.work()
                .grants()
                .create(alice, new NewGrant(grant.id(), grant.psk(), "other/", grant.expiresInSeconds())));
        assertRefused(ServiceError.CONFLICT, () -> two.work().grants().create(bob, grant));
    }

    @Test
    void nobody_sees_or_ends_the_grants_of_others() {
        NewGrant grant = given();

        assertRefused(ServiceError.NOT_FOUND, () -> two.work().grants().show(bob, grant.id()));
        assertRefused(ServiceError.NOT_FOUND, () -> two.work().grants().withdraw(bob, grant.id()));
        assertRefused(ServiceError.NOT_FOUND, () -> two.work().grants().receipt(bob, grant.id(), 0));
        assertThat(two.work().grants().list(bob, Optional.empty(), 10).items()).isEmpty();
    }

    @Test
    void a_list_goes_from_new_to_old_in_pages() {
        List<NewGrant> grants = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            grants.add(given());
            site.pass(i % 2);
        }

        List<GrantView> listed = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            Page<GrantView> page = two.work().grants().list(alice, cursor, 2);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(2);
            listed.addAll(page.items());
            cursor = page.next();
        } while (cursor.isPresent());

        assertThat(listed)
                .extracting(GrantView::id)
                .containsExactlyInAnyOrderElementsOf(
                        grants.stream().map(NewGrant::id).toList());
        assertThat(listed).extracting(GrantView::createdAt).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertRefused(ServiceError.INVALID, () -> one.work().grants().list(alice, Optional.of("7"), 2));
        assertRefused(ServiceError.INVALID, () -> one.work().grants().list(alice, Optional.empty(), 1_001));
    }

    @Test
    void an_account_has_no_more_than_so_many_that_have_not_ended() {
        List<NewGrant> grants = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            grants.add(given());
        }

        assertRefused(ServiceError.OVERLOADED, this::given);
        one.work().grants().withdraw(alice, grants.get(0).id());
        assertThat(show(one, given()).state()).isEqualTo(State.WAITING);
    }

    @Test
    void an_account_begins_no_more_than_so_many_an_hour_at_all_processes_together() {
        for (int i = 0; i < 20; i++) {
            NewGrant grant = site.grant();
            Node node = i % 2 == 0 ? one : two;
            assertThat(node.work().grants().create(alice, grant).fresh()).isTrue();
            one.work().grants().withdraw(alice, grant.id());
        }

        assertThatThrownBy(() -> two.work().grants().create(alice, site.grant()))
                .isInstanceOfSatisfying(ServiceException.class, refused -> {
                    assertThat(refused.error()).isEqualTo(ServiceError.OVERLOADED);
                    assertThat(refused.retryAfterSeconds()).hasValue(180);
                });
        assertThat(two.work().grants().create(bob, site.grant()).fresh()).isTrue();
        site.pass(180_000);
        assertThat(two.work().grants().create(alice, site.grant()).fresh()).isTrue();
        assertRefused(ServiceError.OVERLOADED, () -> one.work().grants().create(alice, site.grant()));
    }

    private NewGrant given() {
        NewGrant grant = site.grant();
        assertThat(one.work().grants().create(alice, grant).fresh()).isTrue();
        one.turn();
        return grant;
    }

    private void turn() {
        site.pass(1_000);
        one.turn();
        two.turn();
    }

    private GrantView show(Node process, NewGrant grant) {
        return process.work().grants().show(alice, grant.id());
    }

    private boolean keyIsThere(NewGrant grant) {
        return site.value(Long.class, "SELECT COUNT(*) FROM grant_offer WHERE id = :id AND psk IS NOT NULL", grant.id())
                == 1;
    }

    static void assertRefused(ServiceError error, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ServiceException.class, refused -> assertThat(refused.error())
                .isEqualTo(error));
    }
}
