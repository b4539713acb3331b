package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcParameters.Successor;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KgcTrustTest {

    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:10:00Z"));
    private final LocalKgc kgc = new LocalKgc(clock);

    @Test
    void the_pinned_key_is_trusted() {
        KgcTrust trust = started(pinned(1));
        assertThat(trust.keys()).containsExactly(kgc.key(1));
    }

    @Test
    void an_unknown_pin_says_what_to_do() {
        KgcTrust trust = new Deployment(clock, kgc, Deployment.options(Digest.sha256(), 4, 2)).trust;
        MeshException why = refused(trust.start());
        assertThat(why.code()).isEqualTo(ErrorCode.KEY_RETIRED);
        assertThat(why).hasMessageContaining(Digest.sha256().hex()).hasMessageContaining("configure the fingerprint");
        assertThat(trust.keys()).isEmpty();
    }

    @Test
    void a_retired_pin_says_what_to_do() {
        kgc.announce(60, 120);
        clock.advanceSeconds(121);
        MeshException why = refused(pinned(1).trust.start());
        assertThat(why.code()).isEqualTo(ErrorCode.KEY_RETIRED);
        assertThat(why).hasMessageContaining("has retired it");
    }

    @Test
    void a_retired_key_does_not_name_its_successor_any_more() {
        kgc.announce(60, 120);
        Deployment provider = pinned(1);
        clock.advanceSeconds(115);
        byte[] late = kgc.parameters(kgc.epochs.get(0));
        clock.advanceSeconds(10);
        LocalKgc forger = kgc;
        forger.epochs.get(0).successor =
                Optional.of(new Successor(kgc.key(2), provider.now() - 65, provider.now() + 1_000));
        provider.mesh.onTheWay = reply -> Buffer.buffer(late);
        assertThat(refused(provider.trust.start()).code()).isEqualTo(ErrorCode.KEY_RETIRED);
    }

    @Test
    void another_key_centre_is_not_believed() {
        LocalKgc other = new LocalKgc(clock);
        Deployment provider = pinned(1);
        provider.mesh.onTheWay = reply -> Buffer.buffer(other.parameters(other.newest()));
        MeshException why = refused(provider.trust.start());
        assertThat(why.code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
        assertThat(why).hasMessageContaining("does not hold the key with the fingerprint");
    }

    @Test
    void a_changed_byte_is_not_believed() {
        Deployment provider = pinned(1);
        provider.mesh.onTheWay = reply -> reply.copy().setByte(120, (byte) ~reply.getByte(120));
        assertThat(refused(provider.trust.start()).code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
    }

    @Test
    void nobody_there_is_something_else_than_a_wrong_pin() {
        Deployment provider = pinned(1);
        provider.mesh.away = true;
        assertThat(refused(provider.trust.start()).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void another_successor_than_before_is_refused_and_reported_and_stays_reported() {
        kgc.announce(600, 1_200);
        KgcTrust trust = started(pinned(1));
        Successor first = kgc.epochs.get(0).successor.orElseThrow();
        LocalKgc other = new LocalKgc(clock);
        kgc.epochs.get(0).successor = Optional.of(new Successor(other.key(1), first.activeFrom(), first.retires()));
        Deployment.done(trust.refresh());
        assertThat(trust.keys()).containsExactly(kgc.key(1), kgc.key(2));
        assertThat(trust.problem()).map(HealthReason::code).contains("KGC_CONTRADICTION");
        kgc.epochs.get(0).successor = Optional.of(first);
        Deployment.done(trust.refresh());
        assertThat(trust.problem()).map(HealthReason::code).contains("KGC_CONTRADICTION");
    }

    @Test
    void other_times_than_announced_are_refused() {
        kgc.announce(600, 1_200);
        KgcTrust trust = started(pinned(1));
        kgc.epochs.get(0).successor =
                Optional.of(new Successor(kgc.key(2), clock.instant().getEpochSecond(), 4_000_000_000L));
        Deployment.done(trust.refresh());
        assertThat(trust.preferred().kgc()).isEqualTo(kgc.key(1));
        assertThat(trust.problem()).isPresent();
    }

    @Test
    void a_successor_that_is_not_mentioned_any_more_stays() {
        kgc.announce(600, 1_200);
        Deployment provider = pinned(1);
        KgcTrust trust = started(provider);
        kgc.epochs.get(0).successor = Optional.empty();
        provider.pass(60);
        assertThat(trust.keys()).containsExactly(kgc.key(1), kgc.key(2));
        assertThat(trust.problem()).isEmpty();
    }

    @Test
    void a_provider_that_slept_through_the_change_of_keys_says_so() {
        Deployment provider = pinned(1).started();
        provider.mesh.away = true;
        kgc.announce(60, 120);
        clock.advanceSeconds(600);
        provider.mesh.away = false;
        provider.turn();
        assertThat(provider.problems()).contains("KEY_RETIRED", "REVOCATION_STALE");
        assertThat(provider.trust.keys()).containsExactly(kgc.key(1));
    }

    @Test
    void a_successor_that_one_machine_does_not_know_yet_is_no_trouble() {
        kgc.announce(600, 1_200);
        Deployment provider = pinned(1);
        KgcTrust trust = started(provider);
        kgc.epochs.remove(1);
        Deployment.done(trust.refresh());
        assertThat(trust.problem()).isEmpty();
        assertThat(trust.keys()).hasSize(2);
    }

    @Test
    void one_round_of_questions_runs_at_a_time() {
        Deployment provider = pinned(1);
        KgcTrust trust = started(provider);
        provider.mesh.hold = true;
        Future<Void> first = trust.refresh();
        Deployment.done(trust.refresh());
        assertThat(provider.mesh.waiting()).isEqualTo(1);
        provider.mesh.release();
        Deployment.done(first);
    }

    private Deployment pinned(int number) {
        return new Deployment(clock, kgc, number);
    }

    private static KgcTrust started(Deployment provider) {
        Deployment.done(provider.trust.start());
        return provider.trust;
    }

    private static MeshException refused(Future<Void> start) {
        return (MeshException) Objects.requireNonNull(start.cause());
    }
}
