package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Usage;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The key centre changes its key, and providers that know it by the old one and by the new one go through it. */
class RotationTest {

    private static final long SWITCH = 1_800;
    private static final long RETIRED = 7_200;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:10:00Z"));
    private final LocalKgc kgc = new LocalKgc(clock);
    private final Deployment old = new Deployment(clock, kgc, 1).started();

    @Test
    void from_the_announcement_on_both_pools_are_full_and_the_old_key_is_used_until_the_switch() {
        kgc.announce(SWITCH, RETIRED);
        old.pass(SWITCH - 10);
        assertThat(old.keys.keys()).containsExactly(kgc.key(1), kgc.key(2));
        assertThat(old.stock(1)).isEqualTo(Deployment.POOL);
        assertThat(old.stock(2)).isEqualTo(Deployment.POOL);
        assertThat(kgc.issued).containsExactly("9 under 1 by token", "9 under 2 by 1");
        old.pass(10);
        assertThat(old.keys.keys()).containsExactly(kgc.key(2), kgc.key(1));
        assertThat(old.problems()).isEmpty();
    }

    @Test
    void the_old_pool_is_refilled_before_the_switch_and_not_after() {
        kgc.announce(SWITCH, RETIRED);
        old.pass(600);
        spend(1, 3);
        assertThat(old.stock(1)).isGreaterThan(1);
        old.pass(SWITCH);
        while (old.stock(1) > 0) {
            spend(1, 1);
        }
        int issued = kgc.issued.size();
        old.pass(600);
        assertThat(old.stock(1)).isZero();
        assertThat(kgc.issued).hasSize(issued);
        assertThat(kgc.refused).isZero();
        assertThat(Objects.requireNonNull(
                        old.keys.take(kgc.key(1), Usage.SIGNING).cause()))
                .hasMessageContaining("superseded");
        spend(2, 3);
        assertThat(old.stock(2)).isGreaterThan(1);
        assertThat(kgc.issued.get(kgc.issued.size() - 1)).endsWith("under 2 by 2");
    }

    @Test
    void a_retired_key_is_not_trusted_and_its_credentials_are_wiped() {
        kgc.announce(SWITCH, RETIRED);
        old.pass(RETIRED - 10);
        Credential waiting = Deployment.result(old.keys.take(kgc.key(1), Usage.SIGNING));
        int left = old.keys.available(kgc.key(1), Usage.SIGNING);
        assertThat(left).isPositive();
        old.pass(20);
        assertThat(old.keys.keys()).containsExactly(kgc.key(2));
        assertThat(old.stock(1)).isZero();
        assertThat(old.keys.take(kgc.key(1), Usage.SIGNING).failed()).isTrue();
        assertThat(waiting.copyPrivateKey()).hasSize(32);
        assertThat(old.problems()).isEmpty();
        old.pass(600);
        assertThat(old.keys.keys()).containsExactly(kgc.key(2));
        assertThat(old.problems()).isEmpty();
    }

    @Test
    void what_was_in_the_pool_of_a_retired_key_is_removed_from_the_database() {
        kgc.announce(SWITCH, RETIRED);
        old.pass(RETIRED - 10);
        assertThat(old.stored.look(old.now()))
                .containsKeys(kgc.key(1).fingerprint(), kgc.key(2).fingerprint());
        old.pass(20);
        assertThat(old.stored.look(old.now())).containsOnlyKeys(kgc.key(2).fingerprint());
    }

    @Test
    void a_provider_that_knows_the_old_key_and_one_that_knows_the_new_one_always_share_one() {
        kgc.announce(SWITCH, RETIRED);
        Deployment young = new Deployment(clock, kgc, 2).started();
        assertThat(young.keys.keys()).containsExactly(kgc.key(2));
        for (long passed = 0; passed < RETIRED + 600; passed += 300) {
            old.pass(300);
            young.turn();
            boolean shared = old.keys.keys().stream()
                    .anyMatch(key -> young.keys.keys().contains(key)
                            && old.keys.available(key, Usage.KEY_AGREEMENT) > 0
                            && young.keys.available(key, Usage.KEY_AGREEMENT) > 0);
            assertThat(shared).as("after %d s", passed).isTrue();
        }
    }

    @Test
    void a_provider_started_in_the_overlap_trusts_both_keys_and_has_credentials_of_the_new_one() {
        kgc.announce(SWITCH, RETIRED);
        clock.advanceSeconds(SWITCH + 60);
        Deployment late = new Deployment(clock, kgc, 1).started();
        assertThat(late.keys.keys()).containsExactly(kgc.key(2), kgc.key(1));
        assertThat(late.stock(2)).isEqualTo(Deployment.POOL);
        assertThat(late.stock(1)).isZero();
        late.pass(600);
        assertThat(late.problems()).isEmpty();
        assertThat(kgc.issued).containsExactly("9 under 1 by token", "9 under 2 by token");
    }

    @Test
    void the_switch_needs_no_key_centre() {
        kgc.announce(SWITCH, RETIRED);
        old.pass(600);
        old.mesh.away = true;
        old.pass(SWITCH);
        assertThat(old.keys.keys()).containsExactly(kgc.key(2), kgc.key(1));
        assertThat(old.spend(kgc.key(2))).hasSize(2);
        old.mesh.away = false;
        old.pass(120);
        assertThat(old.problems()).isEmpty();
    }

    @Test
    void without_credentials_under_the_new_key_the_old_one_is_used_as_long_as_it_is_trusted() {
        kgc.announce(SWITCH, RETIRED);
        Deployment.done(old.trust.refresh());
        old.mesh.away = true;
        old.pass(SWITCH + 60);
        assertThat(old.keys.keys()).containsExactly(kgc.key(1), kgc.key(2));
        assertThat(old.problems()).containsExactly("REVOCATION_STALE");
        old.mesh.away = false;
        old.pass(120);
        assertThat(old.keys.keys()).containsExactly(kgc.key(2), kgc.key(1));
        assertThat(kgc.issued.get(1)).isEqualTo("9 under 2 by 1");
    }

    @Test
    void the_first_request_under_a_new_key_comes_at_a_random_time_before_the_switch() {
        kgc.announce(SWITCH, RETIRED);
        Deployment.done(old.trust.refresh());
        Deployment.done(old.pools.maintain());
        assertThat(kgc.issued).hasSize(1);
        old.pass(old.options.successorSpreadSeconds() + 10);
        assertThat(kgc.issued).hasSize(2);
    }

    @Test
    void a_peer_that_uses_the_new_key_early_is_answered_at_once() {
        kgc.announce(SWITCH, RETIRED);
        Deployment.done(old.trust.refresh());
        assertThat(old.spend(kgc.key(2))).hasSize(2);
    }

    @Test
    void a_key_may_change_again_before_the_first_change_is_over() {
        kgc.announce(SWITCH, RETIRED);
        old.pass(SWITCH + 60);
        kgc.announce(SWITCH, RETIRED);
        old.pass(SWITCH + 60);
        assertThat(old.keys.keys()).containsExactly(kgc.key(3), kgc.key(2), kgc.key(1));
        assertThat(old.stock(3)).isEqualTo(Deployment.POOL);
        old.pass(RETIRED);
        assertThat(old.keys.keys()).containsExactly(kgc.key(3));
        assertThat(old.problems()).isEmpty();
    }

    private void spend(int epoch, int times) {
        for (int i = 0; i < times; i++) {
            old.spend(kgc.key(epoch)).forEach(Credential::close);
        }
    }
}
