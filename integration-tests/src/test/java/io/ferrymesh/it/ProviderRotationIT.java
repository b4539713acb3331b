package io.ferrymesh.it;

import static io.ferrymesh.it.KgcCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.kgc.operator.KeyEpochInfo;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.provider.ProviderOptions;
import io.ferrymesh.provider.ProviderVerticle;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real key centre changes its key; whole providers, without an engine, go along. */
class ProviderRotationIT {

    private static final int POOL = 4;

    private final KgcCluster cluster = new KgcCluster(KgcOptions.defaults());
    private final KgcPublicKey first = cluster.kgc.publicKey();
    private final States states = new States();
    private int providers;

    @AfterEach
    void stop() {
        cluster.close();
        states.close();
    }

    @Test
    void providers_that_know_the_old_key_and_the_new_one_share_it_before_and_after_the_switch() {
        ProviderVerticle old = started(first.fingerprint());
        KeyEpochInfo next = cluster.as(Role.ADMIN).rotate(3_600);
        await(until(() -> old.keys().keys().size() == 2));
        KgcPublicKey second = old.keys().keys().get(1);
        assertThat(second.fingerprint().hex()).isEqualTo(next.fingerprint());
        await(until(() -> old.keys().available(second, Usage.SIGNING) == POOL));
        assertThat(old.keys().keys()).containsExactly(first, second);
        ProviderVerticle young = started(second.fingerprint());
        assertThat(young.keys().keys()).containsExactly(second);
        assertThat(young.keys().available(second, Usage.SIGNING)).isEqualTo(POOL);
        cluster.advance(Duration.ofHours(1));
        assertThat(old.keys().keys()).containsExactly(second, first);
        await(until(() -> old.problems().isEmpty()));
        ProviderVerticle late = started(first.fingerprint());
        assertThat(late.keys().keys()).containsExactly(second, first);
        assertThat(late.keys().available(second, Usage.SIGNING)).isEqualTo(POOL);
    }

    private ProviderVerticle started(Digest pin) {
        ProviderOptions options = new ProviderOptions(pin, POOL, 2, 86_400, 43_200, 500, 60, 500, 0, 60);
        var token = cluster.newToken("north-" + ++providers);
        ProviderVerticle provider = new ProviderVerticle(
                cluster.mesh,
                options,
                states.fresh(cluster.random),
                Optional.of(token),
                new IdleEngine(),
                cluster.clock(),
                cluster.random);
        String unused = await(cluster.mesh.vertx().deployVerticle(provider));
        return provider;
    }

    /** Looks again at every tick; the caller bounds how long. */
    private Future<Void> until(BooleanSupplier condition) {
        return condition.getAsBoolean()
                ? Future.succeededFuture()
                : cluster.mesh.vertx().timer(20).compose(tick -> until(condition));
    }
}
