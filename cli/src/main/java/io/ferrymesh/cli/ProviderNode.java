package io.ferrymesh.cli;

import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.migration.EngineContext;
import io.ferrymesh.migration.EngineOptions;
import io.ferrymesh.migration.MigrationVerticle;
import io.ferrymesh.provider.ProviderKeys;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.keys.ProviderSecrets;
import io.ferrymesh.provider.node.Provider;
import io.ferrymesh.provider.node.ProviderBase;
import io.ferrymesh.provider.node.ProviderRuntime;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.stores.StoreException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

/** A process of a provider: one cluster member, the provider, and the migration engine wired to its keys. */
final class ProviderNode implements Node {

    private final Mesh mesh;
    private final ProviderBase base;
    private final Provider provider;
    private final String deployed;

    private ProviderNode(Mesh mesh, ProviderBase base, Provider provider, String deployed) {
        this.mesh = mesh;
        this.base = base;
        this.provider = provider;
        this.deployed = deployed;
    }

    /**
     * Opens what is configured, joins the cluster, enrols if there is need, and listens. Takes the secrets and the token over.
     * Blocks while it opens.
     */
    static Future<ProviderNode> start(
            ProviderConfig config, ProviderSecrets secrets, Optional<EnrolmentToken> token) throws StoreException {
        ProviderBase base = ProviderBase.open(config, secrets);
        SecureRandom random = new SecureRandom();
        ProviderRuntime runtime = new ProviderRuntime(
                Clock.systemUTC(), random, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        return NodeStart.on(config.cluster(), mesh -> {
                    Provider provider =
                            new Provider(mesh, base, token, keys -> engine(mesh, keys, random), runtime);
                    return mesh.vertx()
                            .deployVerticle(provider)
                            .map(id -> new ProviderNode(mesh, base, provider, id));
                })
                .onFailure(failed -> base.close());
    }

    /** Where its HTTP API is. */
    URI api() {
        return provider.api();
    }

    /** Lets requests end and hands its work over before it leaves the cluster. */
    @Override
    public Future<Void> stop() {
        return mesh.vertx()
                .undeploy(deployed)
                .eventually(mesh::close)
                .eventually(() -> {
                    base.close();
                    return Future.succeededFuture();
                });
    }

    private static Future<MigrationEngine> engine(Mesh mesh, ProviderKeys keys, SecureRandom random) {
        MigrationVerticle engine = new MigrationVerticle(new EngineContext(
                mesh, new EngineTrust(keys), keys::take, Clock.systemUTC(), random, EngineOptions.defaults()));
        return mesh.vertx().deployVerticle(engine).map(id -> new EngineAdapter(engine));
    }
}
