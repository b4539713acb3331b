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
import io.ferrymesh.provider.ops.Metrics;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.stores.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** A process of a provider: one cluster member, the provider, and the migration engine wired to its keys. */
final class ProviderNode implements Node {

    private final Mesh mesh;
    private final ProviderBase base;
    private final Metrics metrics;
    private final Provider provider;

    private ProviderNode(Mesh mesh, ProviderBase base, Metrics metrics, Provider provider) {
        this.mesh = mesh;
        this.base = base;
        this.metrics = metrics;
        this.provider = provider;
    }

    /**
     * Opens what is configured, joins the cluster, enrols if there is need, and listens. Takes the secrets and the token over.
     * Blocks while it opens.
     */
    static Future<ProviderNode> start(ProviderConfig config, ProviderSecrets secrets, Optional<EnrolmentToken> token)
            throws StoreException {
        ProviderBase base = ProviderBase.open(config, secrets);
        SecureRandom random = new SecureRandom();
        Metrics metrics = new Metrics();
        ProviderRuntime runtime = new ProviderRuntime(Clock.systemUTC(), random, metrics);
        return NodeStart.on(config.cluster(), metrics.ofVertx(), mesh -> {
                    metrics.count(mesh.counters());
                    Provider provider = new Provider(mesh, base, token, keys -> engine(mesh, keys, random), runtime);
                    return provider.start().map(started -> new ProviderNode(mesh, base, metrics, provider));
                })
                .onFailure(failed -> {
                    base.close();
                    metrics.close();
                });
    }

    /** Where its HTTP API is. */
    URI api() {
        return provider.api();
    }

    /** Where liveness, readiness and metrics are. */
    URI management() {
        return provider.management();
    }

    @Override
    public Duration longestStop() {
        return provider.longestStop().plus(Node.super.longestStop());
    }

    /** Lets requests end and hands its work over before it leaves the cluster. The result belongs to no context: they end here. */
    @Override
    public Future<Void> stop() {
        Promise<Void> stopped = Promise.promise();
        provider.stop().onComplete(ended -> mesh.close().onComplete(closed -> {
            base.close();
            metrics.close();
            stopped.handle(closed);
        }));
        return stopped.future();
    }

    private static Future<MigrationEngine> engine(Mesh mesh, ProviderKeys keys, SecureRandom random) {
        MigrationVerticle engine = new MigrationVerticle(new EngineContext(
                mesh, new EngineTrust(keys), keys::take, Clock.systemUTC(), random, EngineOptions.defaults()));
        return mesh.vertx().deployVerticle(engine).map(id -> new EngineAdapter(engine));
    }
}
