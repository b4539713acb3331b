package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SourceGuardsTest {

    private static byte[] message(int number) {
        return new byte[] {(byte) number};
    }

    @Test
    void a_remembered_message_is_seen_until_its_time_is_over() {
        var cache = new ReplayCache(10, 1000);
        assertThat(cache.seen(message(1), 0)).isFalse();
        assertThat(cache.remember(message(1), 0)).isTrue();
        assertThat(cache.seen(message(1), 999)).isTrue();
        assertThat(cache.remember(message(1), 999)).isFalse();
        assertThat(cache.seen(message(2), 999)).isFalse();
        assertThat(cache.seen(message(1), 1000)).isFalse();
        assertThat(cache.remember(message(1), 1000)).isTrue();
    }

    @Test
    void a_full_replay_cache_refuses_rather_than_forgets() {
        var cache = new ReplayCache(2, 1000);
        assertThat(cache.remember(message(1), 0)).isTrue();
        assertThat(cache.remember(message(2), 500)).isTrue();
        assertThat(cache.remember(message(3), 999)).isFalse();
        assertThat(cache.seen(message(1), 999)).isTrue();
        assertThat(cache.remember(message(3), 1000)).isTrue();
        assertThat(cache.size()).isEqualTo(2);
    }

    @Test
    void a_grant_is_admitted_so_many_times_within_a_window() {
        var limiter = new HandshakeLimiter(10, 2, 1000);
        MigrationId grant = MigrationId.random(Seeded.random(1));
        MigrationId other = MigrationId.random(Seeded.random(2));
        assertThat(limiter.admit(grant, 0)).isTrue();
        assertThat(limiter.admit(grant, 10)).isTrue();
        assertThat(limiter.admit(grant, 20)).isFalse();
        assertThat(limiter.admit(other, 20)).isTrue();
        assertThat(limiter.admit(grant, 1000)).isTrue();
    }

    @Test
    void a_full_limiter_admits_no_new_grant_until_a_window_closes() {
        var limiter = new HandshakeLimiter(1, 5, 1000);
        MigrationId grant = MigrationId.random(Seeded.random(1));
        MigrationId other = MigrationId.random(Seeded.random(2));
        assertThat(limiter.admit(grant, 0)).isTrue();
        assertThat(limiter.admit(other, 999)).isFalse();
        assertThat(limiter.admit(grant, 999)).isTrue();
        assertThat(limiter.admit(other, 1000)).isTrue();
        assertThat(limiter.size()).isEqualTo(1);
    }

    @Test
    void bounds_that_bound_nothing_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReplayCache(0, 1))
                .withMessage("maxEntries must be > 0: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReplayCache(1, -5))
                .withMessage("ttlMs must be > 0: -5");
        assertThatIllegalArgumentException().isThrownBy(() -> new HandshakeLimiter(1, 0, 1));
    }
}
