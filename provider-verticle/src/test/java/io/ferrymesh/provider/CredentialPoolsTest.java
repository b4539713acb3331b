package io.ferrymesh.provider;

import static io.ferrymesh.provider.Deployment.DAY;
import static io.ferrymesh.provider.Deployment.POOL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.keys.Shelf;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.IssuanceRequest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One key's pool before a key centre that issues, refuses, or says nothing. */
class CredentialPoolsTest {

    private final Deployment provider = new Deployment().started();
    private final LocalKgc kgc = provider.kgc;
    private final LocalMesh mesh = provider.mesh;
    private final CredentialPools pools = provider.pools;
    private final KgcPublicKey key = kgc.key(1);

    @Test
    void enrolment_fills_both_stocks_and_keeps_a_signer_back() {
        assertThat(pools.available(key, Usage.KEY_AGREEMENT)).isEqualTo(POOL);
        assertThat(pools.available(key, Usage.SIGNING)).isEqualTo(POOL);
        assertThat(kgc.issued).containsExactly("9 under 1 by token");
    }

    @Test
    void no_credential_is_handed_out_twice() {
        Set<Object> names = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            Credential taken = Deployment.result(take(Usage.KEY_AGREEMENT));
            assertThat(names.add(taken.certificate().pseudonym())).isTrue();
        }
    }

    @Test
    void more_are_fetched_below_the_low_water_mark_and_one_request_at_a_time() {
        mesh.hold = true;
        assertThat(taken(Usage.KEY_AGREEMENT, 2)).hasSize(2);
        assertThat(mesh.waiting()).isZero();
        assertThat(taken(Usage.KEY_AGREEMENT, 2)).hasSize(2);
        assertThat(mesh.waiting()).isEqualTo(1);
        mesh.release();
        assertThat(kgc.issued.get(1)).isEqualTo("3 under 1 by 1");
        assertThat(pools.available(key, Usage.KEY_AGREEMENT)).isEqualTo(3);
    }

    @Test
    void takers_wait_for_the_key_centre_when_the_stock_is_empty() {
        mesh.hold = true;
        assertThat(taken(Usage.KEY_AGREEMENT, 4)).hasSize(4);
        Future<Credential> fifth = take(Usage.KEY_AGREEMENT);
        Future<Credential> sixth = take(Usage.KEY_AGREEMENT);
        assertThat(fifth.isComplete()).isFalse();
        mesh.release();
        assertThat(fifth.result().certificate()).isNotEqualTo(sixth.result().certificate());
    }

    @Test
    void takers_that_one_answer_cannot_serve_wait_for_the_next() {
        mesh.hold = true;
        List<Future<Credential>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(take(Usage.SIGNING));
        }
        while (mesh.waiting() > 0) {
            mesh.release();
        }
        assertThat(waiting).allMatch(Future::succeeded);
    }

    @Test
    void only_so_many_wait() {
        mesh.hold = true;
        assertThat(taken(Usage.KEY_AGREEMENT, 4)).hasSize(4);
        List<Future<Credential>> waiting = new ArrayList<>();
        for (int i = 0; i < Takers.MAX_WAITING; i++) {
            waiting.add(take(Usage.KEY_AGREEMENT));
        }
        assertThat(waiting).noneMatch(Future::isComplete);
        assertThat(code(take(Usage.KEY_AGREEMENT))).isEqualTo(ErrorCode.OVERLOADED);
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE_LIMITED", "OVERLOADED", "QUOTA_EXCEEDED", "UNAVAILABLE", "REVOKED", "NOT_ENROLLED"})
    void a_refusal_is_not_followed_by_a_request_for_every_taker(ErrorCode refusal) {
        mesh.refusal = refusal;
        List<Credential> unused = taken(Usage.KEY_AGREEMENT, 4);
        long before = mesh.asked(KgcServices.ISSUE);
        for (int i = 0; i < 100; i++) {
            assertThat(take(Usage.KEY_AGREEMENT).cause())
                    .isInstanceOfSatisfying(
                            MeshException.class, e -> assertThat(e.code()).isEqualTo(refusal))
                    .hasMessageMatching(".*; asked again in \\d+ s");
        }
        assertThat(mesh.asked(KgcServices.ISSUE)).isEqualTo(before);
        mesh.refusal = null;
        provider.pass(600);
        assertThat(Deployment.result(take(Usage.KEY_AGREEMENT))).isNotNull();
    }

    @Test
    void a_refusal_is_followed_by_fewer_and_fewer_requests() {
        mesh.refusal = ErrorCode.RATE_LIMITED;
        List<Credential> unused = taken(Usage.KEY_AGREEMENT, 4);
        List<Long> requests = new ArrayList<>();
        for (int minute = 0; minute < 5; minute++) {
            long before = mesh.asked(KgcServices.ISSUE);
            for (int second = 0; second < 60; second++) {
                provider.clock.advanceSeconds(1);
                Future<Void> maintained = pools.maintain();
                assertThat(maintained.isComplete()).isTrue();
            }
            requests.add(mesh.asked(KgcServices.ISSUE) - before);
        }
        assertThat(requests.get(0)).isBetween(5L, 8L);
        assertThat(requests.subList(1, 5)).allSatisfy(count -> assertThat(count).isBetween(1L, 2L));
    }

    @Test
    void a_request_whose_answer_was_lost_is_sent_again_with_the_same_bytes() {
        mesh.loseReplies = true;
        List<Credential> unused = taken(Usage.KEY_AGREEMENT, 4);
        provider.pass(60);
        mesh.loseReplies = false;
        provider.pass(60);
        assertThat(pools.available(key, Usage.KEY_AGREEMENT)).isGreaterThanOrEqualTo(3);
        assertThat(kgc.issued).hasSize(2);
        assertThat(kgc.replayed).isPositive();
    }

    /** Anybody on the bus can hold the answer back and say this instead. */
    @ParameterizedTest
    @EnumSource(names = {"QUOTA_EXCEEDED", "REVOKED", "NOT_ENROLLED", "KEY_RETIRED", "INTERNAL"})
    void a_request_that_was_carried_out_and_refused_by_somebody_else_is_not_paid_for_twice(ErrorCode refusal) {
        mesh.onTheWay = reply -> {
            throw new MeshException(refusal, "says somebody");
        };
        List<Credential> unused = taken(Usage.KEY_AGREEMENT, 4);
        provider.pass(60);
        assertThat(code(take(Usage.KEY_AGREEMENT))).isEqualTo(refusal);
        mesh.onTheWay = reply -> reply;
        provider.pass(150);
        assertThat(provider.stock(1)).isGreaterThanOrEqualTo(3);
        assertThat(kgc.issued).hasSize(2);
        assertThat(kgc.replayed).isPositive();
        assertThat(provider.problems()).isEmpty();
    }

    @Test
    void a_request_that_is_too_old_for_the_key_centre_is_made_anew() {
        mesh.away = true;
        List<Credential> unused = taken(Usage.KEY_AGREEMENT, 4);
        provider.pass(600);
        mesh.away = false;
        provider.pass(60);
        assertThat(provider.stock(1)).isGreaterThanOrEqualTo(3);
    }

    @Test
    void an_answer_that_was_changed_on_the_way_is_not_used() {
        mesh.onTheWay = reply -> reply.copy().setByte(reply.length() - 1, (byte) ~reply.getByte(reply.length() - 1));
        List<Credential> unused = taken(Usage.KEY_AGREEMENT, 4);
        assertThat(code(take(Usage.KEY_AGREEMENT))).isEqualTo(ErrorCode.INVALID_MESSAGE);
        mesh.onTheWay = reply -> reply;
        provider.pass(60);
        assertThat(kgc.issued).hasSize(2);
        assertThat(provider.stock(1)).isGreaterThanOrEqualTo(3);
    }

    @Test
    void what_is_about_to_expire_is_removed_and_not_handed_out() {
        mesh.hold = true;
        provider.clock.advanceSeconds(DAY - 1_199);
        Future<Void> waiting = pools.maintain();
        assertThat(waiting.isComplete()).isFalse();
        assertThat(provider.stored.look(provider.now() - DAY))
                .allSatisfy((kgc, shelf) -> assertThat(shelf.agreement()).isZero());
        Future<Credential> taken = take(Usage.KEY_AGREEMENT);
        assertThat(taken.isComplete()).isFalse();
        mesh.release();
        assertThat(taken.result().certificate().info().notAfter()).isGreaterThan(provider.now() + 600);
    }

    @Test
    void the_signer_is_renewed_while_it_still_signs() {
        provider.clock.advanceSeconds(DAY * 3 / 4);
        Deployment.done(pools.maintain());
        assertThat(kgc.issued.get(1)).isEqualTo("1 under 1 by 1");
        assertThat(pools.available(key, Usage.SIGNING)).isEqualTo(POOL);
        Deployment.done(pools.maintain());
        assertThat(kgc.issued).hasSize(2);
    }

    @Test
    void a_provider_goes_on_for_days() {
        provider.pass(600);
        for (int hour = 0; hour < 72; hour++) {
            provider.clock.advanceSeconds(3_600);
            provider.turn();
            provider.spend(key).forEach(Credential::close);
        }
        assertThat(provider.problems()).isEmpty();
    }

    @Test
    void an_expired_signer_means_enrolling_again() {
        mesh.away = true;
        provider.clock.advanceSeconds(DAY + 1);
        provider.turn();
        mesh.away = false;
        provider.clock.advanceSeconds(3_600);
        provider.turn();
        Throwable why = Objects.requireNonNull(take(Usage.KEY_AGREEMENT).cause());
        assertThat(why).hasMessageContaining("enrol again");
        assertThat(provider.problems()).containsExactly("NOT_ENROLLED", "NO_CREDENTIALS");
    }

    @Test
    void a_revoked_provider_says_so_and_is_well_again_when_it_is_not() {
        kgc.providerRevoked = true;
        List<Credential> unused = taken(Usage.KEY_AGREEMENT, 4);
        assertThat(provider.problems()).containsExactly("REVOKED", "NO_CREDENTIALS");
        provider.pass(3_600);
        assertThat(mesh.asked(KgcServices.ISSUE)).isBetween(5L, 20L);
        kgc.providerRevoked = false;
        provider.pass(600);
        assertThat(provider.problems()).isEmpty();
    }

    @Test
    void a_refusal_is_said_once_and_its_end_once() {
        List<Credential> unused = taken(Usage.KEY_AGREEMENT, 2);
        kgc.providerRevoked = true;
        try (Said said = new Said(CredentialPools.class)) {
            List<Credential> last = taken(Usage.KEY_AGREEMENT, 2);
            provider.pass(7_200);
            assertThat(last).hasSize(2);
            assertThat(said.atLeast(Level.INFO))
                    .containsExactly("REVOKED: the key centre has revoked this provider: it gets no more pseudonyms");
            kgc.providerRevoked = false;
            provider.pass(1_200);
            assertThat(said.atLeast(Level.INFO)).hasSize(3).contains("the key centre issues credentials again");
        }
    }

    @Test
    void own_credentials_that_are_revoked_are_wiped() {
        Credential taken = Deployment.result(take(Usage.KEY_AGREEMENT));
        kgc.revokeProvider();
        Deployment.done(provider.watch.refresh());
        assertThat(provider.stock(1)).isZero();
        assertThat(taken.copyPrivateKey()).hasSize(32);
        provider.turn();
        assertThat(provider.problems()).containsExactly("REVOKED", "NO_CREDENTIALS");
    }

    @Test
    void a_revoked_signer_is_replaced_from_the_stock() {
        kgc.revoke(kgc.names.get(POOL));
        Deployment.done(provider.watch.refresh());
        assertThat(pools.available(key, Usage.SIGNING)).isEqualTo(POOL - 1);
        List<Credential> unused = taken(Usage.SIGNING, 3);
        assertThat(kgc.issued).hasSize(2);
        assertThat(unused).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 500, 600, 3_000})
    void a_batch_is_never_larger_than_the_key_centre_takes(int poolSize) {
        ProviderOptions large = Deployment.options(key.fingerprint(), poolSize, 0);
        List<Line> lines = CredentialPool.firstLines(large);
        assertThat(lines.stream().mapToInt(Line::count).sum())
                .isEqualTo(Math.min(2 * poolSize + 1, IssuanceRequest.MAX_CERTIFICATES));
        assertThat(lines).extracting(Line::usage).containsExactly(Usage.KEY_AGREEMENT, Usage.SIGNING);
    }

    @Test
    void a_stock_larger_than_a_batch_is_filled_with_several() {
        CredentialPool pool = new CredentialPool(Deployment.options(key.fingerprint(), 700, 2));
        Optional<Validity> signer = Optional.of(new Validity(provider.now(), provider.now() + DAY));
        int requests = 0;
        int agreement = 0;
        int signing = 0;
        List<Line> missing = pool.missing(provider.now());
        while (!missing.isEmpty()) {
            requests++;
            agreement += count(missing, Usage.KEY_AGREEMENT);
            signing += count(missing, Usage.SIGNING);
            pool.see(new Shelf(agreement, signing - 1, signer));
            pool.filled(provider.now());
            missing = pool.missing(provider.now());
        }
        assertThat(requests).isEqualTo(2);
        assertThat(agreement + signing).isEqualTo(1_401);
    }

    @Test
    void closing_tells_who_waits_and_leaves_what_is_in_the_database() {
        mesh.hold = true;
        List<Credential> taken = taken(Usage.KEY_AGREEMENT, 4);
        Future<Credential> waiting = take(Usage.KEY_AGREEMENT);
        Credential signing = Deployment.result(take(Usage.SIGNING));
        pools.close();
        assertThat(waiting.cause()).hasMessageContaining("closed");
        assertThat(take(Usage.SIGNING).failed()).isTrue();
        assertThat(pools.available(key, Usage.SIGNING)).isZero();
        assertThat(taken).allMatch(each -> each.copyPrivateKey().length == 32);
        assertThat(provider.stored
                        .look(provider.now())
                        .values()
                        .iterator()
                        .next()
                        .signing())
                .isEqualTo(POOL - 1);
        signing.close();
        assertThatIllegalStateException().isThrownBy(signing::copyPrivateKey);
    }

    @Test
    void credentials_of_the_key_centre_itself_are_not_kept() {
        assertThatThrownBy(() -> take(Usage.ANNOUNCEMENT)).isInstanceOf(IllegalArgumentException.class);
    }

    private static int count(List<Line> lines, Usage usage) {
        return lines.stream()
                .filter(line -> line.usage() == usage)
                .mapToInt(Line::count)
                .sum();
    }

    private Future<Credential> take(Usage usage) {
        return pools.take(key, usage);
    }

    private List<Credential> taken(Usage usage, int count) {
        List<Credential> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(Deployment.result(take(usage)));
        }
        return taken;
    }

    private static ErrorCode code(Future<?> failed) {
        return ((MeshException) Objects.requireNonNull(failed.cause())).code();
    }
}
