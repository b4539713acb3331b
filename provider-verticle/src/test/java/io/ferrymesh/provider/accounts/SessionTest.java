package io.ferrymesh.provider.accounts;

import static io.ferrymesh.provider.accounts.Provider.HOME;
import static io.ferrymesh.provider.accounts.Provider.PASSWORD;
import static io.ferrymesh.provider.accounts.Provider.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.SessionInfo;
import io.ferrymesh.provider.service.Tokens;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@OnEachDatabase
class SessionTest {

    private final Provider provider;
    private final Provider other;

    SessionTest(TestDatabase databases) {
        this.provider = new Provider(databases.fresh(ProviderDatabase.MIGRATIONS));
        this.other = provider.another();
    }

    @AfterEach
    void close() {
        other.close();
        provider.close();
    }

    private Tokens refresh(Tokens tokens) {
        return provider.accounts.refresh(tokens.refresh(), HOME);
    }

    private void requireEnded(Tokens tokens) {
        assertThat(refusal(() -> provider.who(tokens))).isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(refusal(() -> refresh(tokens))).isEqualTo(ServiceError.UNAUTHENTICATED);
    }

    @Test
    void a_session_from_one_process_is_good_at_the_other() {
        Tokens tokens = provider.register("ada");
        assertThat(other.who(tokens)).isEqualTo(provider.who(tokens));
        Tokens next = other.accounts.refresh(tokens.refresh(), HOME);
        assertThat(provider.who(next)).isEqualTo(provider.who(tokens));
    }

    @Test
    void an_access_token_is_good_for_five_minutes_and_a_session_goes_on_by_refreshing() {
        Tokens tokens = provider.register("ada");
        assertThat(tokens.expiresInSeconds()).isEqualTo(300);
        provider.clock.advance(Duration.ofSeconds(299));
        assertThat(provider.who(tokens).sessionId()).isEqualTo(tokens.sessionId());
        provider.clock.advance(Duration.ofSeconds(1));
        assertThat(refusal(() -> provider.who(tokens))).isEqualTo(ServiceError.UNAUTHENTICATED);
        Tokens next = refresh(tokens);
        assertThat(provider.who(next).sessionId()).isEqualTo(tokens.sessionId());
        assertThat(next.refresh()).isNotEqualTo(tokens.refresh());
    }

    @Test
    void a_refresh_token_that_comes_twice_ends_its_session_and_no_other() {
        Tokens stolen = provider.register("ada");
        Tokens apart = provider.login("ada", PASSWORD);
        Tokens owners = refresh(stolen);
        provider.clock.advance(Duration.ofSeconds(11));
        assertThat(refusal(() -> refresh(stolen))).isEqualTo(ServiceError.UNAUTHENTICATED);
        requireEnded(owners);
        assertThat(provider.who(apart).sessionId()).isEqualTo(apart.sessionId());
        assertThat(provider.meters.counter("ferrymesh.accounts.refresh.reused").count())
                .isEqualTo(1);
    }

    @Test
    void a_refresh_token_from_long_ago_ends_its_session_too() {
        Tokens old = provider.register("ada");
        Tokens current = old;
        for (int i = 0; i < 5; i++) {
            provider.clock.advance(Duration.ofMinutes(5));
            current = refresh(current);
        }
        assertThat(refusal(() -> refresh(old))).isEqualTo(ServiceError.UNAUTHENTICATED);
        requireEnded(current);
    }

    @Test
    void whoever_lost_the_answer_may_ask_once_more_within_ten_seconds() {
        Tokens tokens = provider.register("ada");
        Tokens lost = refresh(tokens);
        provider.clock.advance(Duration.ofSeconds(9));
        Tokens again = refresh(tokens);
        assertThat(provider.who(again).sessionId()).isEqualTo(tokens.sessionId());
        assertThat(again.refresh()).isNotEqualTo(lost.refresh());
        // But once: if the answer was not lost and somebody uses it, there are two of them.
        assertThat(refusal(() -> refresh(lost))).isEqualTo(ServiceError.UNAUTHENTICATED);
        requireEnded(again);
    }

    @Test
    void the_second_chance_is_one() {
        Tokens tokens = provider.register("ada");
        Tokens first = refresh(tokens);
        Tokens second = refresh(tokens);
        assertThat(second.sessionId()).isEqualTo(first.sessionId());
        assertThat(refusal(() -> refresh(tokens))).isEqualTo(ServiceError.UNAUTHENTICATED);
        requireEnded(second);
    }

    @Test
    void a_made_up_refresh_token_ends_nothing() {
        Tokens tokens = provider.register("ada");
        byte[] bytes = Base64.getUrlDecoder().decode(tokens.refresh());
        for (int position : new int[] {16, 40, 48, 63}) {
            byte[] forged = bytes.clone();
            forged[position] ^= 1;
            String token = Base64.getUrlEncoder().withoutPadding().encodeToString(forged);
            assertThat(refusal(() -> provider.accounts.refresh(token, HOME))).isEqualTo(ServiceError.UNAUTHENTICATED);
        }
        for (String token : List.of("", "x", "é".repeat(86), tokens.refresh() + "A", tokens.access())) {
            assertThat(refusal(() -> provider.accounts.refresh(token, HOME))).isEqualTo(ServiceError.UNAUTHENTICATED);
        }
        assertThat(refresh(tokens).sessionId()).isEqualTo(tokens.sessionId());
    }

    @Test
    void a_session_ends_after_a_week_without_use_and_a_month_with() {
        Tokens idle = provider.register("ada");
        provider.clock.advance(Duration.ofDays(7));
        assertThat(refusal(() -> refresh(idle))).isEqualTo(ServiceError.UNAUTHENTICATED);
        Tokens busy = provider.login("ada", PASSWORD);
        Tokens current = busy;
        for (int day = 0; day < 29; day++) {
            provider.clock.advance(Duration.ofDays(1));
            current = refresh(current);
        }
        provider.clock.advance(Duration.ofDays(1).minusSeconds(100));
        Tokens last = refresh(current);
        assertThat(last.expiresInSeconds()).isEqualTo(100);
        provider.clock.advance(Duration.ofSeconds(100));
        requireEnded(last);
    }

    @Test
    void logging_out_counts_at_once_here_and_within_a_second_elsewhere() {
        Tokens tokens = provider.register("ada");
        assertThat(other.who(tokens)).isEqualTo(provider.who(tokens));
        provider.accounts.logout(provider.who(tokens));
        assertThat(refusal(() -> provider.who(tokens))).isEqualTo(ServiceError.UNAUTHENTICATED);
        provider.clock.advance(Duration.ofSeconds(1));
        assertThat(refusal(() -> other.who(tokens))).isEqualTo(ServiceError.UNAUTHENTICATED);
        requireEnded(tokens);
    }

    @Test
    void an_owner_sees_and_ends_their_sessions_and_nobody_elses() {
        Tokens first = provider.register("ada");
        provider.clock.advance(Duration.ofSeconds(5));
        Tokens second = provider.login("ada", PASSWORD);
        Tokens eve = provider.register("eve");
        assertThat(provider.accounts.sessions(first.account()))
                .extracting(SessionInfo::id)
                .containsExactly(second.sessionId(), first.sessionId());
        assertThat(provider.accounts.sessions(first.account()))
                .extracting(SessionInfo::method)
                .containsOnly("password");
        assertThat(refusal(() -> provider.accounts.endSession(eve.account(), first.sessionId())))
                .isEqualTo(ServiceError.NOT_FOUND);
        assertThat(provider.who(first).sessionId()).isEqualTo(first.sessionId());
        provider.accounts.endSession(first.account(), first.sessionId());
        requireEnded(first);
        assertThat(refusal(() -> provider.accounts.endSession(first.account(), first.sessionId())))
                .isEqualTo(ServiceError.NOT_FOUND);
    }

    @Test
    void nobody_can_say_beforehand_what_a_session_will_be_called() {
        Tokens first = provider.register("ada");
        Set<String> ids = new HashSet<>(Set.of(first.sessionId()));
        for (int i = 0; i < 20; i++) {
            // Whatever a client held before, logging in begins another session.
            assertThat(ids.add(provider.login("ada", PASSWORD).sessionId())).isTrue();
        }
        assertThat(ids)
                .allSatisfy(id -> assertThat(Base64.getUrlDecoder().decode(id)).hasSize(16));
    }

    @Test
    void an_account_has_a_hundred_sessions_and_the_longest_unused_gives_way() {
        Tokens first = provider.register("ada");
        provider.clock.advance(Duration.ofSeconds(1));
        Tokens second = provider.login("ada", PASSWORD);
        for (int i = 0; i < SessionTable.MOST - 1; i++) {
            provider.clock.advance(Duration.ofSeconds(1));
            assertThat(provider.login("ada", PASSWORD).account()).isEqualTo(first.account());
        }
        assertThat(provider.accounts.sessions(first.account())).hasSize(SessionTable.MOST);
        assertThat(refusal(() -> refresh(first))).isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(refresh(second).sessionId()).isEqualTo(second.sessionId());
    }

    @Test
    void what_the_operator_locks_is_locked_everywhere_and_only_the_owner_is_told() {
        Tokens tokens = provider.register("ada");
        assertThat(other.who(tokens).account()).isEqualTo(tokens.account());
        AccountAdministration operator = new AccountAdministration(other.database, provider.clock);
        operator.lock("ada");
        provider.clock.advance(Duration.ofSeconds(1));
        assertThat(refusal(() -> other.who(tokens))).isEqualTo(ServiceError.UNAUTHENTICATED);
        requireEnded(tokens);
        assertThat(refusal(() -> provider.login("ada", PASSWORD))).isEqualTo(ServiceError.FORBIDDEN);
        assertThat(refusal(() -> provider.login("ada", "not the password"))).isEqualTo(ServiceError.UNAUTHENTICATED);
        operator.unlock("ada");
        Authenticated again = provider.who(provider.login("ada", PASSWORD));
        assertThat(again.account()).isEqualTo(tokens.account());
    }
}
