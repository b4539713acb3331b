package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.provider.engine.Failure;
import io.ferrymesh.provider.engine.GrantState;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.engine.SourceStatus;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountEvent;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.NewGrant;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.scheme.MigrationId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What accounts are told of their grants and migrations, and what the provider keeps of it. */
@OnEachDatabase
class AccountEventsTest {

    private final Site site;
    private final Node one;
    private final Node two;
    private final Account alice;
    private final Account bob;

    AccountEventsTest(TestDatabase databases) {
        site = new Site(databases, account -> GrantWorkTest.untouched());
        one = site.process();
        two = site.process();
        alice = site.account(1);
        bob = site.account(2);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void the_source_is_told_by_whom_its_grant_is_used_and_how_that_ends() {
        NewGrant grant = given(3_600);
        says(grant, GrantState.RUNNING, Optional.empty());
        says(grant, GrantState.FAILED, Optional.of(new Failure(ErrorCode.PEER_LOST, "it went away")));
        says(grant, GrantState.RUNNING, Optional.empty());
        says(grant, GrantState.COMPLETED, Optional.empty());

        List<AccountEvent> events = told(alice);
        assertThat(events)
                .extracting(AccountEvent::type)
                .containsExactly(
                        EventType.GRANT_USED, EventType.GRANT_FAILED, EventType.GRANT_USED, EventType.GRANT_COMPLETED);
        assertThat(events)
                .allSatisfy(event -> assertThat(event.migration()).contains(grant.id()))
                .allSatisfy(event -> assertThat(event.peer()).contains(FakeEngine.PEER));
        assertThat(events.get(1).failure().orElseThrow().code()).isEqualTo("PEER_LOST");
        assertThat(told(bob)).isEmpty();
        assertThat(audited()).allSatisfy(entry -> assertThat(entry.actor()).isEqualTo("peer " + FakeEngine.PEER));
    }

    @Test
    void withdrawing_and_expiring_are_told_apart() {
        NewGrant withdrawn = given(3_600);
        two.work().grants().withdraw(alice, withdrawn.id());
        two.work().grants().withdraw(alice, withdrawn.id());
        NewGrant expired = given(60);
        for (int i = 0; i < 31; i++) {
            site.pass(2_000);
            one.turn();
            two.turn();
        }

        assertThat(told(alice))
                .extracting(AccountEvent::type)
                .containsExactly(EventType.GRANT_WITHDRAWN, EventType.GRANT_EXPIRED);
        assertThat(told(alice).get(1).migration()).contains(expired.id());
        assertThat(audited()).extracting(Audit.Entry::actor).containsExactly("user", "provider");
    }

    @Test
    void refusals_are_counted_and_told_once_a_minute() {
        NewGrant grant = given(3_600);
        for (int i = 1; i <= 70; i++) {
            refused(grant, i);
            site.pass(1_000);
            one.turn();
        }

        List<AccountEvent> events = told(alice);
        assertThat(events)
                .extracting(AccountEvent::type)
                .containsExactly(EventType.GRANT_REFUSED, EventType.GRANT_REFUSED);
        assertThat(events.get(0).count()).hasValue(1);
        assertThat(events.get(1).count()).hasValue(60);
        assertThat(events.get(1).peer()).isEmpty();
    }

    @Test
    void the_destination_is_told_of_every_state_and_the_audit_of_who_made_it_so() {
        NewMigration migration = site.migration();
        assertThat(one.work().migrations().create(bob, migration).fresh()).isTrue();
        one.turn();
        one.engine().destination(migration.id(), MigrationState.RUNNING, Progress.NONE, Optional.empty());
        one.turn();
        assertThat(two.work().migrations().pause(bob, migration.id()).state()).isEqualTo(State.PAUSED);
        one.turn();
        assertThat(two.work().migrations().resume(bob, migration.id()).state()).isEqualTo(State.QUEUED);
        one.turn();
        one.engine().fails(migration.id(), ErrorCode.DESTINATION_FULL, true);
        one.turn();

        assertThat(told(bob).stream().map(event -> event.state().orElseThrow()))
                .containsExactly(
                        State.QUEUED,
                        State.CONNECTING,
                        State.RUNNING,
                        State.PAUSED,
                        State.QUEUED,
                        State.CONNECTING,
                        State.PAUSED);
        assertThat(told(bob).get(6).failure().orElseThrow().code()).isEqualTo("DESTINATION_FULL");
        assertThat(audited())
                .extracting(Audit.Entry::actor)
                .containsExactly("user", "provider", "provider", "user", "user", "provider", "provider");
    }

    @Test
    void the_audit_has_no_message_since_there_may_be_a_path_in_it() {
        NewMigration migration = site.migration();
        assertThat(one.work().migrations().create(bob, migration).fresh()).isTrue();
        one.turn();
        one.engine().fails(migration.id(), ErrorCode.CONFLICT, true);
        one.turn();

        assertThat(told(bob).get(2).failure().orElseThrow().message()).isEqualTo("it failed");
        assertThat(audited().get(2).details()).contains("CONFLICT").doesNotContain("it failed");
    }

    @Test
    void a_feed_is_read_page_by_page_and_its_numbers_have_no_gaps() {
        IntStream.rangeClosed(1, 25).forEach(i -> add(bob, i));
        assertThat(one.work().events().events(bob, 0, 10))
                .extracting(AccountEvent::number)
                .endsWith(10L);
        assertThat(one.work().events().events(bob, 10, 100))
                .extracting(AccountEvent::number)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(11, 25).mapToObj(Long::valueOf).toList());
        assertThat(one.work().events().events(bob, 25, 100)).isEmpty();
    }

    @Test
    void the_oldest_events_go_and_the_audit_stays_longer() {
        add(bob, 1);
        int unused = site.database.transaction(handle ->
                handle.createUpdate("UPDATE event_count SET events = 10099").execute());
        add(bob, 2);
        assertThat(told(bob)).extracting(AccountEvent::number).containsExactly(10_100L);
        assertThat(audited()).hasSize(2);

        days(91);
        assertThat(told(bob)).isEmpty();
        assertThat(audited()).hasSize(2);
        days(275);
        assertThat(audited()).isEmpty();
    }

    @Test
    void the_audit_is_read_in_the_order_of_time_from_any_place_and_of_one_account() {
        add(alice, 1);
        site.pass(10);
        add(bob, 2);
        add(alice, 3);
        Audit audit = new Audit(site.database);
        List<Audit.Entry> all = audit.entries(Optional.empty(), Audit.Place.START, 10);
        assertThat(all).extracting(entry -> entry.account().value()).containsExactly(1L, 1L, 2L);
        assertThat(audit.entries(Optional.empty(), Audit.Place.after(all.get(0)), 10))
                .isEqualTo(all.subList(1, 3));
        assertThat(audit.entries(Optional.of(bob.id()), Audit.Place.START, 10)).isEqualTo(all.subList(2, 3));
        assertThat(audit.entries(Optional.empty(), Audit.Place.from(site.now()), 10))
                .isEqualTo(all.subList(1, 3));
        assertThat(audit.entries(Optional.empty(), Audit.Place.START, 2)).isEqualTo(all.subList(0, 2));
    }

    private NewGrant given(long seconds) {
        NewGrant grant = site.grant(seconds);
        assertThat(one.work().grants().create(alice, grant).fresh()).isTrue();
        one.turn();
        return grant;
    }

    private void says(NewGrant grant, GrantState state, Optional<Failure> failure) {
        one.engine().source(grant.id(), state, failure);
        site.pass(1_000);
        one.turn();
    }

    private void refused(NewGrant grant, long times) {
        SourceStatus was = Objects.requireNonNull(one.engine().sources.get(grant.id()));
        SourceStatus unused = one.engine()
                .sources
                .put(
                        grant.id(),
                        new SourceStatus(
                                was.state(),
                                was.objectsListed(),
                                was.objectsSent(),
                                was.objectsFailed(),
                                was.bytesSent(),
                                was.failure(),
                                was.own(),
                                was.peer(),
                                was.receipt(),
                                times));
    }

    private void add(Account account, int id) {
        boolean unused = site.database.transaction(handle -> {
            AccountEvents.add(
                    handle,
                    account.id(),
                    AccountEvents.ended(
                            EventType.GRANT_EXPIRED, AccountEvents.PROVIDER, MigrationId.parse("%032x".formatted(id))),
                    site.now().toEpochMilli());
            return true;
        });
    }

    private void days(int days) {
        site.pass(days * 24L * 3_600_000);
        one.turn();
        one.work().tidy();
    }

    private List<AccountEvent> told(Account account) {
        return two.work().events().events(account, 0, 1_000);
    }

    private List<Audit.Entry> audited() {
        return new Audit(site.database).entries(Optional.empty(), Audit.Place.START, 1_000);
    }
}
