package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.keys.ProviderSecrets;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The order in which a provider starts, and what is left when it does not. */
class ProviderVerticleTest {

    private final Vertx vertx = Vertx.vertx();
    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:10:00Z"));
    private final LocalKgc kgc = new LocalKgc(clock);
    private final LocalMesh mesh = new LocalMesh(kgc, vertx);
    private final EnrolmentToken token = kgc.token();
    private final MigrationEngine engine = new IdleEngine();
    private final ProviderState state = TestState.fresh();

    @AfterEach
    void stop() {
        Awaited.await(vertx.close());
    }

    @Test
    void a_provider_enrols_and_is_up() {
        ProviderVerticle provider = provider(kgc.key(1).fingerprint());
        String id = Awaited.await(vertx.deployVerticle(provider));
        assertThat(kgc.spentTokens).hasSize(1);
        assertThat(provider.keys().keys()).containsExactly(kgc.key(1));
        assertThat(provider.problems()).isEmpty();
        assertThat(mesh.subscribers).hasSize(1);
        assertThatIllegalStateException().isThrownBy(token::copy);
        Awaited.await(vertx.undeploy(id));
        assertThat(provider.keys().take(kgc.key(1), Usage.SIGNING).failed()).isTrue();
    }

    @Test
    void a_wrong_fingerprint_costs_no_token() {
        ProviderVerticle provider = provider(Digest.sha256());
        assertThatThrownBy(() -> Awaited.await(vertx.deployVerticle(provider)))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.KEY_RETIRED))
                .hasMessageContaining("the enrolment token was not used");
        assertThat(kgc.spentTokens).isEmpty();
    }

    @Test
    void revocations_are_known_before_the_token_is_spent() {
        mesh.onTheWay = reply -> mesh.asked.get(mesh.asked.size() - 1).equals(KgcServices.BULLETIN)
                ? reply.copy().setByte(20, (byte) ~reply.getByte(20))
                : reply;
        ProviderVerticle provider = provider(kgc.key(1).fingerprint());
        assertThatThrownBy(() -> Awaited.await(vertx.deployVerticle(provider)))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
        assertThat(kgc.spentTokens).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAVAILABLE", "NOT_ENROLLED", "QUOTA_EXCEEDED", "KEY_RETIRED"})
    void an_answer_to_the_token_that_is_lost_is_asked_for_again_whatever_came_instead(ErrorCode instead) {
        AtomicInteger lost = new AtomicInteger();
        mesh.onTheWay = reply -> {
            if (mesh.asked.get(mesh.asked.size() - 1).equals(KgcServices.ISSUE) && lost.getAndIncrement() == 0) {
                throw new MeshException(instead, "says somebody");
            }
            return reply;
        };
        ProviderVerticle provider = provider(kgc.key(1).fingerprint());
        String unused = Awaited.await(vertx.deployVerticle(provider));
        assertThat(kgc.spentTokens).hasSize(1);
        assertThat(kgc.replayed).isEqualTo(1);
    }

    @Test
    void an_answer_to_the_token_that_is_changed_all_the_time_says_that_the_token_may_be_spent() {
        mesh.onTheWay = reply -> mesh.asked.get(mesh.asked.size() - 1).equals(KgcServices.ISSUE)
                ? later(reply.copy().setByte(reply.length() - 1, (byte) ~reply.getByte(reply.length() - 1)))
                : reply;
        ProviderVerticle provider = provider(kgc.key(1).fingerprint());
        assertThatThrownBy(() -> Awaited.await(vertx.deployVerticle(provider)))
                .hasMessageContaining("the enrolment token may be spent");
    }

    @Test
    void a_token_that_is_refused_all_the_time_says_so_and_that_it_may_be_spent() {
        mesh.onTheWay = reply -> {
            if (mesh.asked.get(mesh.asked.size() - 1).equals(KgcServices.ISSUE)) {
                Buffer unused = later(reply);
                throw new MeshException(ErrorCode.NOT_ENROLLED, "says somebody");
            }
            return reply;
        };
        ProviderVerticle provider = provider(kgc.key(1).fingerprint());
        assertThatThrownBy(() -> Awaited.await(vertx.deployVerticle(provider)))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_ENROLLED))
                .hasMessageContaining("says somebody")
                .hasMessageContaining("the enrolment token may be spent");
    }

    @Test
    void without_an_engine_nothing_is_kept() {
        Credential[] taken = new Credential[1];
        EngineStarter broken = keys -> keys.take(kgc.key(1), Usage.SIGNING).compose(credential -> {
            taken[0] = credential;
            return Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "there is no engine"));
        });
        ProviderVerticle provider = new ProviderVerticle(
                mesh, options(kgc.key(1).fingerprint()), state, Optional.of(token), broken, clock, new SecureRandom());
        assertThatThrownBy(() -> Awaited.await(vertx.deployVerticle(provider))).hasMessage("there is no engine");
        assertThat(taken[0].copyPrivateKey()).hasSize(32);
        assertThat(provider.keys().take(kgc.key(1), Usage.SIGNING).failed()).isTrue();
    }

    @Test
    void a_provider_that_has_enrolled_starts_again_without_a_token_or_with_a_useless_one() {
        String first = Awaited.await(vertx.deployVerticle(provider(kgc.key(1).fingerprint())));
        Awaited.await(vertx.undeploy(first));
        ProviderVerticle again = provider(kgc.key(1).fingerprint(), state, Optional.empty());
        String second = Awaited.await(vertx.deployVerticle(again));
        assertThat(again.keys().available(kgc.key(1), Usage.SIGNING)).isEqualTo(4);
        Awaited.await(vertx.undeploy(second));
        EnrolmentToken spare = kgc.token();
        String unused =
                Awaited.await(vertx.deployVerticle(provider(kgc.key(1).fingerprint(), state, Optional.of(spare))));
        assertThat(kgc.issued).containsExactly("9 under 1 by token");
        assertThatIllegalStateException().isThrownBy(spare::copy);
    }

    @Test
    void a_provider_that_has_enrolled_starts_without_the_key_centre_and_its_engine_when_that_is_there() {
        String first = Awaited.await(vertx.deployVerticle(provider(kgc.key(1).fingerprint())));
        Awaited.await(vertx.undeploy(first));
        mesh.away = true;
        Promise<ProviderKeys> given = Promise.promise();
        ProviderVerticle again = new ProviderVerticle(
                mesh,
                options(kgc.key(1).fingerprint()),
                state,
                Optional.empty(),
                keys -> {
                    given.complete(keys);
                    return Future.succeededFuture(engine);
                },
                clock,
                new SecureRandom());
        String unused = Awaited.await(vertx.deployVerticle(again));
        assertThat(again.problems()).extracting(HealthReason::code).containsExactly("KGC_AWAY");
        assertThatIllegalStateException().isThrownBy(again::keys);
        assertThat(given.future().isComplete()).isFalse();

        mesh.away = false;
        assertThat(Awaited.await(given.future()).available(kgc.key(1), Usage.SIGNING))
                .isEqualTo(4);
        assertThat(Awaited.await(given.future()).take(kgc.key(1), Usage.SIGNING).succeeded())
                .isTrue();
        assertThat(kgc.issued).hasSize(1);
    }

    @Test
    void a_key_centre_that_does_not_know_the_pin_any_more_takes_no_provider_down_that_has_enrolled() {
        String first = Awaited.await(vertx.deployVerticle(provider(kgc.key(1).fingerprint())));
        Awaited.await(vertx.undeploy(first));
        mesh.refusal = ErrorCode.KEY_RETIRED;
        ProviderVerticle again = provider(kgc.key(1).fingerprint(), state, Optional.empty());
        String id = Awaited.await(vertx.deployVerticle(again));
        assertThat(again.problems()).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo("KEY_RETIRED");
            assertThat(reason.detail()).contains("configure the fingerprint of its current key");
        });
        Awaited.await(vertx.undeploy(id));
    }

    @Test
    void to_enrol_it_needs_the_key_centre() {
        mesh.away = true;
        ProviderVerticle provider = new ProviderVerticle(
                mesh,
                new ProviderOptions(kgc.key(1).fingerprint(), 4, 2, 86_400, 600, 2_000, 60, 10_000, 300, 0),
                state,
                Optional.of(token),
                keys -> Future.succeededFuture(engine),
                clock,
                new SecureRandom());
        assertThatThrownBy(() -> Awaited.await(vertx.deployVerticle(provider)))
                .hasMessageContaining("the key centre did not answer within 0 s")
                .hasMessageContaining("the enrolment token was not used");
    }

    @Test
    void without_credentials_and_without_a_token_it_says_what_it_needs() {
        ProviderVerticle provider = provider(kgc.key(1).fingerprint(), state, Optional.empty());
        assertThatThrownBy(() -> Awaited.await(vertx.deployVerticle(provider)))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_ENROLLED))
                .hasMessageContaining("start this provider with a new enrolment token");
    }

    @Test
    void of_two_processes_that_start_at_once_one_enrols_and_both_have_what_it_got() {
        ProviderVerticle one = provider(kgc.key(1).fingerprint());
        ProviderVerticle other = provider(kgc.key(1).fingerprint(), state, Optional.of(kgc.token()));
        mesh.hold = true;
        List<Future<String>> both = List.of(vertx.deployVerticle(one), vertx.deployVerticle(other));
        mesh.releaseAll();
        both.forEach(each -> {
            String unused = Awaited.await(each);
        });
        assertThat(kgc.spentTokens).hasSize(1);
        assertThat(kgc.issued).containsExactly("9 under 1 by token");
        assertThat(one.keys().available(kgc.key(1), Usage.SIGNING)).isEqualTo(4);
        assertThat(other.keys().available(kgc.key(1), Usage.SIGNING)).isEqualTo(4);
    }

    @Test
    void another_key_centre_than_the_one_it_is_pinned_to_is_refused() {
        String first = Awaited.await(vertx.deployVerticle(provider(kgc.key(1).fingerprint())));
        Awaited.await(vertx.undeploy(first));
        EnrolmentToken spare = kgc.token();
        ProviderVerticle moved = provider(Digest.sha256(), state, Optional.of(spare));
        assertThatThrownBy(() -> Awaited.await(vertx.deployVerticle(moved)))
                .hasMessageContaining("is none of the key centre that this provider is pinned to")
                .hasMessageContaining(kgc.key(1).fingerprint().toString());
        assertThat(kgc.spentTokens).hasSize(1);
    }

    @Test
    void what_was_revoked_while_it_was_away_is_not_used() {
        String first = Awaited.await(vertx.deployVerticle(provider(kgc.key(1).fingerprint())));
        Awaited.await(vertx.undeploy(first));
        kgc.revoke(kgc.names.toArray(new Pseudonym[0]));
        ProviderVerticle again = provider(kgc.key(1).fingerprint(), state, Optional.of(kgc.token()));
        String unused = Awaited.await(vertx.deployVerticle(again));
        assertThat(kgc.issued).containsExactly("9 under 1 by token", "9 under 1 by token");
        assertThat(again.keys().available(kgc.key(1), Usage.SIGNING)).isEqualTo(4);
    }

    @Test
    void a_provider_that_was_told_of_the_successor_starts_after_its_key_has_retired() {
        String first = Awaited.await(vertx.deployVerticle(provider(kgc.key(1).fingerprint())));
        Awaited.await(vertx.undeploy(first));
        kgc.announce(1_800, 7_200);
        String second =
                Awaited.await(vertx.deployVerticle(provider(kgc.key(1).fingerprint(), state, Optional.empty())));
        Awaited.await(vertx.undeploy(second));
        clock.advanceSeconds(7_300);
        ProviderVerticle late = provider(kgc.key(1).fingerprint(), state, Optional.of(kgc.token()));
        String unused = Awaited.await(vertx.deployVerticle(late));
        assertThat(late.keys().keys()).containsExactly(kgc.key(2));
    }

    @Test
    void a_database_of_another_key_file_is_refused() {
        String first = Awaited.await(vertx.deployVerticle(provider(kgc.key(1).fingerprint())));
        Awaited.await(vertx.undeploy(first));
        ProviderState other = new ProviderState(state.database(), ProviderSecrets.generate(new SecureRandom()));
        ProviderVerticle wrong = provider(kgc.key(1).fingerprint(), other, Optional.of(kgc.token()));
        assertThatThrownBy(() -> Awaited.await(vertx.deployVerticle(wrong)))
                .hasMessageContaining("start with the key file that the database was first used with");
        assertThat(kgc.spentTokens).hasSize(1);
    }

    /** All the time that a start has passes meanwhile. */
    private Buffer later(Buffer reply) {
        clock.advanceSeconds(5);
        return reply;
    }

    private ProviderVerticle provider(Digest pin) {
        return provider(pin, state, Optional.of(token));
    }

    private ProviderVerticle provider(Digest pin, ProviderState kept, Optional<EnrolmentToken> by) {
        return new ProviderVerticle(
                mesh, options(pin), kept, by, keys -> Future.succeededFuture(engine), clock, new SecureRandom());
    }

    private static ProviderOptions options(Digest pin) {
        return new ProviderOptions(pin, 4, 2, 86_400, 600, 2_000, 60, 10_000, 300, 5);
    }
}
