package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CredentialPoolTest {

    private static final long DAY = 86_400;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final LocalKgc kgc = new LocalKgc(clock, DAY);
    private final ProviderOptions options =
            new ProviderOptions(Digest.sha256(), "127.0.0.1", 0, List.of(), 4, 2, DAY, 600, 2_000, 10, 10);
    private final List<Credential> first = kgc.issue(CredentialPool.firstLines(options));
    private final CredentialPool pool = new CredentialPool(kgc, options, clock, first);

    @Test
    void no_credential_is_handed_out_twice() {
        Set<Object> names = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            Future<Credential> taken = pool.take(Usage.KEY_AGREEMENT);
            if (!kgc.asked.isEmpty()) {
                kgc.answer();
            }
            assertThat(names.add(taken.result().certificate().pseudonym())).isTrue();
        }
    }

    @Test
    void more_are_fetched_below_the_low_water_mark_and_once_at_a_time() {
        assertThat(take(Usage.KEY_AGREEMENT, 2)).hasSize(2);
        assertThat(kgc.asked).isEmpty();
        assertThat(take(Usage.KEY_AGREEMENT, 2)).hasSize(2);
        assertThat(kgc.asked).hasSize(1);
        assertThat(kgc.asked.element().lines()).containsExactly(new Line(Usage.KEY_AGREEMENT, 3));
        kgc.answer();
        assertThat(pool.available(Usage.KEY_AGREEMENT)).isEqualTo(3);
    }

    @Test
    void the_signer_is_never_handed_out() {
        List<Credential> taken = take(Usage.SIGNING, 4);
        assertThat(taken).doesNotContain(kgc.asked.element().signer());
    }

    @Test
    void takers_wait_for_the_key_centre_when_the_stock_is_empty() {
        assertThat(take(Usage.KEY_AGREEMENT, 4)).hasSize(4);
        Future<Credential> fifth = pool.take(Usage.KEY_AGREEMENT);
        Future<Credential> sixth = pool.take(Usage.KEY_AGREEMENT);
        assertThat(fifth.isComplete()).isFalse();
        kgc.answer();
        assertThat(fifth.result().certificate()).isNotEqualTo(sixth.result().certificate());
    }

    @Test
    void takers_that_one_answer_cannot_serve_wait_for_the_next() {
        List<Future<Credential>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(pool.take(Usage.SIGNING));
        }
        while (!kgc.asked.isEmpty()) {
            kgc.answer();
        }
        assertThat(waiting).allMatch(Future::succeeded);
    }

    @Test
    void takers_are_told_why_there_is_none_and_the_next_one_tries_again() {
        assertThat(take(Usage.KEY_AGREEMENT, 4)).hasSize(4);
        Future<Credential> unlucky = pool.take(Usage.KEY_AGREEMENT);
        kgc.refuse(new MeshException(ErrorCode.UNAVAILABLE, "nobody answers"));
        assertThat(unlucky.cause()).hasMessage("nobody answers");
        Future<Credential> lucky = pool.take(Usage.KEY_AGREEMENT);
        kgc.answer();
        assertThat(lucky.succeeded()).isTrue();
    }

    @Test
    void only_so_many_wait() {
        assertThat(take(Usage.KEY_AGREEMENT, 4)).hasSize(4);
        List<Future<Credential>> waiting = new ArrayList<>();
        for (int i = 0; i < Stock.MAX_WAITING; i++) {
            waiting.add(pool.take(Usage.KEY_AGREEMENT));
        }
        assertThat(waiting).noneMatch(Future::isComplete);
        assertThat(pool.take(Usage.KEY_AGREEMENT).cause())
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    @Test
    void what_is_about_to_expire_is_closed_and_not_handed_out() {
        clock.advanceSeconds(DAY - 599);
        Future<Credential> taken = pool.take(Usage.KEY_AGREEMENT);
        assertThat(taken.isComplete()).isFalse();
        kgc.answer();
        assertThat(taken.result().certificate().info().notAfter())
                .isGreaterThan(clock.instant().getEpochSecond() + 600);
        assertThatIllegalStateException().isThrownBy(() -> first.get(0).copyPrivateKey());
    }

    @Test
    void the_signer_is_renewed_while_it_still_signs() {
        clock.advanceSeconds(DAY * 3 / 4);
        Future<Void> maintained = pool.maintain();
        Credential old = kgc.asked.element().signer();
        assertThat(kgc.asked.element().lines()).containsExactly(new Line(Usage.SIGNING, 1));
        kgc.answer();
        assertThat(maintained.succeeded()).isTrue();
        assertThatIllegalStateException().isThrownBy(old::copyPrivateKey);
        assertThat(pool.available(Usage.SIGNING)).isEqualTo(4);
        assertThat(pool.maintain().succeeded() && kgc.asked.isEmpty()).isTrue();
    }

    @Test
    void an_expired_signer_means_enrolling_again() {
        clock.advanceSeconds(DAY + 1);
        Throwable why = Objects.requireNonNull(pool.take(Usage.KEY_AGREEMENT).cause());
        assertThat(why).hasMessageContaining("enrol again");
        assertThat(kgc.asked).isEmpty();
    }

    @Test
    void closing_wipes_every_key_and_tells_who_waits() {
        List<Credential> taken = take(Usage.KEY_AGREEMENT, 4);
        Future<Credential> waiting = pool.take(Usage.KEY_AGREEMENT);
        pool.close();
        assertThat(waiting.cause()).hasMessageContaining("closed");
        assertThat(pool.take(Usage.SIGNING).failed()).isTrue();
        kgc.answer();
        assertThat(pool.available(Usage.KEY_AGREEMENT)).isZero();
        for (Credential credential : first) {
            if (!taken.contains(credential)) {
                assertThatIllegalStateException().isThrownBy(credential::copyPrivateKey);
            }
        }
        assertThat(taken).allMatch(each -> each.copyPrivateKey().length == 32);
    }

    @Test
    void credentials_of_the_key_centre_itself_are_not_kept() {
        assertThatThrownBy(() -> pool.take(Usage.ANNOUNCEMENT)).isInstanceOf(IllegalArgumentException.class);
    }

    private List<Credential> take(Usage usage, int count) {
        List<Credential> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(pool.take(usage).result());
        }
        return taken;
    }
}
