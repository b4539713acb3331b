package io.ferrymesh.it;

import static io.ferrymesh.it.KgcCluster.await;
import static io.ferrymesh.it.KgcCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.EngineStarter;
import io.ferrymesh.provider.ProviderOptions;
import io.ferrymesh.provider.ProviderVerticle;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationView.Status;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole provider before a real key centre, without an engine, on either database. */
@OnEachDatabase
class ProviderIT {

    private static final EngineStarter NO_ENGINE =
            keys -> Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "there is no engine"));
    private static final int POOL = 32;

    private final KgcCluster cluster = new KgcCluster(KgcOptions.defaults());
    private final KgcPublicKey first = cluster.kgc.publicKey();
    private final States states;
    private int providers;

    ProviderIT(TestDatabase databases) {
        states = new States(databases);
    }

    @AfterEach
    void stop() {
        cluster.close();
        states.close();
    }

    @Test
    void a_provider_enrols_stocks_up_and_serves_its_users() {
        ProviderVerticle provider = provider(first.fingerprint(), new IdleEngine());
        String id = await(cluster.mesh.vertx().deployVerticle(provider));
        assertThat(provider.keys().keys()).containsExactly(first);
        assertThat(provider.keys().available(first, Usage.KEY_AGREEMENT)).isEqualTo(POOL);
        assertThat(provider.problems()).isEmpty();
        await(cluster.mesh.vertx().undeploy(id));
        assertThat(provider.keys().take(first, Usage.SIGNING).failed()).isTrue();
    }

    @Test
    void a_revocation_reaches_the_provider() {
        ProviderVerticle provider = provider(first.fingerprint(), new IdleEngine());
        String unused = await(cluster.mesh.vertx().deployVerticle(provider));
        Credential credential = await(provider.keys().take(first, Usage.KEY_AGREEMENT));
        Pseudonym name = credential.certificate().pseudonym();
        assertThat(provider.keys().revocation().status(name, cluster.now())).isEqualTo(Status.GOOD);
        Object revoked = cluster.revoke(name);
        assertThat(revoked).isNotNull();
        await(until(() -> provider.keys().revocation().status(name, cluster.now()) == Status.REVOKED));
    }

    @Test
    void a_provider_does_not_start_before_another_key_centre() {
        ProviderVerticle provider = provider(Digest.sha256(), new IdleEngine());
        assertThat(failure(cluster.mesh.vertx().deployVerticle(provider))).isEqualTo(ErrorCode.KEY_RETIRED);
    }

    @Test
    void a_provider_does_not_start_without_its_engine() {
        ProviderVerticle provider = provider(first.fingerprint(), NO_ENGINE);
        assertThat(failure(cluster.mesh.vertx().deployVerticle(provider))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(provider.keys().take(first, Usage.SIGNING).failed()).isTrue();
    }

    /** Looks again at every tick; the caller bounds how long. */
    private Future<Void> until(BooleanSupplier condition) {
        if (condition.getAsBoolean()) {
            return Future.succeededFuture();
        }
        return cluster.mesh.vertx().timer(20).compose(tick -> until(condition));
    }

    private ProviderVerticle provider(Digest fingerprint, EngineStarter engine) {
        ProviderOptions options = new ProviderOptions(fingerprint, POOL, 8, 86_400, 43_200, 500, 60, 1_000, 0, 60);
        return new ProviderVerticle(
                cluster.mesh,
                options,
                states.fresh(cluster.random),
                Optional.of(cluster.newToken("north-" + ++providers)),
                engine,
                cluster.clock(),
                cluster.random);
    }
}
