package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.CredentialPools.Standing;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two processes of one provider with one database. */
class SharedPoolsTest {

    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:10:00Z"));
    private final LocalKgc kgc = new LocalKgc(clock);
    private final KgcPublicKey key = kgc.key(1);
    private final ProviderOptions options = Deployment.options(key.fingerprint(), Deployment.POOL, 2);
    private final ProviderState state = TestState.fresh();
    private final Deployment one = new Deployment(clock, kgc, options, state).started();
    private final Deployment other = joined();

    @Test
    void what_one_enrolled_for_the_other_may_use() {
        assertThat(Deployment.result(other.pools.standing())).isEqualTo(Standing.ENROLLED);
        assertThat(other.stock(1)).isEqualTo(Deployment.POOL);
        assertThat(kgc.issued).containsExactly("9 under 1 by token");
        assertThat(other.problems()).isEmpty();
    }

    @Test
    void neither_hands_out_what_the_other_did() {
        Set<Object> names = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            Deployment taker = i % 2 == 0 ? one : other;
            for (Credential each : taker.spend(key)) {
                assertThat(names.add(each.certificate().pseudonym())).isTrue();
            }
        }
    }

    @Test
    void while_one_asks_the_other_does_not_and_gets_of_what_came() {
        one.mesh.hold = true;
        for (int i = 0; i < Deployment.POOL; i++) {
            one.spend(key).forEach(Credential::close);
        }
        assertThat(one.mesh.waiting()).isEqualTo(1);
        Future<Credential> waiting = other.keys.take(key, Usage.SIGNING);
        Deployment.done(other.pools.maintain());
        assertThat(other.mesh.asked(KgcServices.ISSUE)).isZero();
        assertThat(waiting.isComplete()).isFalse();
        one.mesh.release();
        Deployment.done(other.pools.maintain());
        assertThat(waiting.succeeded()).isTrue();
    }

    @Test
    void who_waits_for_the_other_does_not_wait_for_ever() {
        one.mesh.hold = true;
        for (int i = 0; i < Deployment.POOL; i++) {
            one.spend(key).forEach(Credential::close);
        }
        Future<Credential> waiting = other.keys.take(key, Usage.SIGNING);
        Deployment.done(other.pools.maintain());
        clock.advanceSeconds(Refill.PATIENCE_MS / 1_000);
        Deployment.done(other.pools.maintain());
        assertThat(((MeshException) Objects.requireNonNull(waiting.cause())).code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void who_was_killed_while_asking_holds_the_other_up_for_as_long_as_a_lease_only() {
        one.mesh.hold = true;
        for (int i = 0; i < Deployment.POOL; i++) {
            one.spend(key).forEach(Credential::close);
        }
        Deployment.done(other.pools.maintain());
        assertThat(other.stock(1)).isZero();
        clock.advanceSeconds(CredentialShelves.LEASE_MS / 1_000 + 1);
        Deployment.done(other.pools.maintain());
        assertThat(other.stock(1)).isEqualTo(Deployment.POOL);
    }

    @Test
    void an_unanswered_request_is_repeated_by_who_made_it_and_by_nobody_else() {
        one.mesh.loseReplies = true;
        for (int i = 0; i < Deployment.POOL; i++) {
            one.spend(key).forEach(Credential::close);
        }
        for (int second = 0; second < 120; second++) {
            clock.advanceSeconds(1);
            Future<Void> unused = one.pools.maintain();
            Deployment.done(other.pools.maintain());
        }
        assertThat(other.mesh.asked(KgcServices.ISSUE)).isZero();
        assertThat(kgc.issued).hasSize(2);
        one.mesh.loseReplies = false;
        one.pass(90);
        Deployment.done(other.pools.maintain());
        assertThat(other.stock(1)).isPositive();
        assertThat(kgc.replayed).isPositive();
    }

    @Test
    void what_is_revoked_neither_has_any_more() {
        kgc.revokeProvider();
        Deployment.done(one.watch.refresh());
        assertThat(one.stock(1)).isZero();
        assertThat(other.keys.take(key, Usage.SIGNING).failed()).isTrue();
        assertThat(state.database().<Integer>read(handle -> handle.createQuery("SELECT COUNT(*) FROM credential")
                        .mapTo(Integer.class)
                        .one()))
                .isZero();
    }

    @Test
    void of_two_that_begin_with_an_empty_database_one_may_enrol() {
        ProviderState empty = TestState.fresh();
        Deployment first = started(new Deployment(clock, kgc, options, empty));
        Deployment second = started(new Deployment(clock, kgc, options, empty));
        assertThat(Deployment.result(first.pools.standing())).isEqualTo(Standing.OURS);
        assertThat(Deployment.result(second.pools.standing())).isEqualTo(Standing.ELSEWHERE);
        assertThat(Deployment.result(first.pools.standing())).isEqualTo(Standing.OURS);
        Deployment.done(first.pools.giveUp());
        assertThat(Deployment.result(second.pools.standing())).isEqualTo(Standing.OURS);
        clock.advanceSeconds(CredentialShelves.LEASE_MS / 1_000 + 1);
        assertThat(Deployment.result(first.pools.standing())).isEqualTo(Standing.OURS);
    }

    @Test
    void the_signer_is_renewed_once_for_both() {
        clock.advanceSeconds(Deployment.DAY * 3 / 4);
        for (Deployment each : List.of(one, other, one, other)) {
            Deployment.done(each.pools.maintain());
        }
        assertThat(kgc.issued).containsExactly("9 under 1 by token", "1 under 1 by 1");
    }

    private Deployment joined() {
        Deployment joined = started(new Deployment(clock, kgc, options, state));
        Deployment.done(joined.pools.maintain());
        return joined;
    }

    private static Deployment started(Deployment process) {
        Deployment.done(process.trust.start());
        Deployment.done(process.watch.refresh());
        return process;
    }
}
