package io.ferrymesh.it;

import static io.ferrymesh.it.KgcCluster.await;
import static io.ferrymesh.it.KgcCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.EngineStarter;
import io.ferrymesh.provider.ProviderOptions;
import io.ferrymesh.provider.ProviderVerticle;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationView.Status;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A whole provider before a real key centre, without an engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProviderIT {

    private static final EngineStarter NO_ENGINE =
            keys -> Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "there is no engine"));

    private final AtomicInteger tokens = new AtomicInteger();
    private final KgcCluster cluster = new KgcCluster(KgcOptions.defaults());

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void a_provider_enrols_stocks_up_and_serves_its_users() {
        ProviderVerticle provider = provider(cluster.kgc.publicKey().fingerprint(), new IdleEngine());
        String id = await(cluster.mesh.vertx().deployVerticle(provider));
        assertThat(provider.keys().keys()).containsExactly(cluster.kgc.publicKey());
        assertThat(provider.keys().available(cluster.kgc.publicKey(), Usage.KEY_AGREEMENT))
                .isEqualTo(32);
        WebClient web = WebClient.create(cluster.mesh.vertx());
        HttpResponse<Buffer> health =
                await(web.get(provider.port(), "127.0.0.1", "/v1/health").send());
        assertThat(health.statusCode()).isEqualTo(200);
        await(cluster.mesh.vertx().undeploy(id));
        assertThat(provider.keys().take(cluster.kgc.publicKey(), Usage.SIGNING).failed())
                .isTrue();
    }

    @Test
    void a_revocation_reaches_the_provider() {
        ProviderVerticle provider = provider(cluster.kgc.publicKey().fingerprint(), new IdleEngine());
        String id = await(cluster.mesh.vertx().deployVerticle(provider));
        Credential credential = await(provider.keys().take(cluster.kgc.publicKey(), Usage.KEY_AGREEMENT));
        Pseudonym name = credential.certificate().pseudonym();
        assertThat(provider.keys().revocation().status(name, cluster.now())).isEqualTo(Status.GOOD);
        assertThat(cluster.revoke(name).revoked()).isEqualTo(1);
        await(revoked(provider, name));
        await(cluster.mesh.vertx().undeploy(id));
    }

    @Test
    void a_provider_does_not_start_before_another_key_centre() {
        ProviderVerticle provider = provider(Digest.sha256(), new IdleEngine());
        assertThat(failure(cluster.mesh.vertx().deployVerticle(provider))).isEqualTo(ErrorCode.KEY_RETIRED);
    }

    @Test
    void a_provider_does_not_start_without_its_engine() {
        ProviderVerticle provider = provider(cluster.kgc.publicKey().fingerprint(), NO_ENGINE);
        assertThat(failure(cluster.mesh.vertx().deployVerticle(provider))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(provider.keys().take(cluster.kgc.publicKey(), Usage.SIGNING).failed())
                .isTrue();
    }

    /** Looks again at every tick until the provider knows; the caller bounds how long. */
    private Future<Void> revoked(ProviderVerticle provider, Pseudonym name) {
        if (provider.keys().revocation().status(name, cluster.now()) == Status.REVOKED) {
            return Future.succeededFuture();
        }
        return cluster.mesh.vertx().timer(20).compose(tick -> revoked(provider, name));
    }

    private ProviderVerticle provider(Digest fingerprint, EngineStarter engine) {
        EnrolmentToken token = cluster.newToken("north-" + tokens.incrementAndGet());
        ProviderOptions options = ProviderOptions.of(fingerprint, 0, List.of());
        return new ProviderVerticle(cluster.mesh, options, token, engine, cluster.clock(), cluster.random);
    }
}
