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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A process of a provider: one cluster member, the provider, and the migration engine wired to its keys. */
final class ProviderNode implements Node {

    private final Start start;
    private final Provider provider;

    private ProviderNode(Start start, Provider provider) {
        this.start = start;
        this.provider = provider;
    }

    /** Opens what is configured. Takes the secrets and the token over. Blocks while it opens. */
    static Launch<ProviderNode> launch(ProviderConfig config, ProviderSecrets secrets, Optional<EnrolmentToken> token)
            throws StoreException {
        return new Start(config, ProviderBase.open(config, secrets), token);
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
    public Future<Void> stop() {
        return start.stop();
    }

    /** Joins the cluster, enrols if there is need, and listens. */
    private static final class Start implements Launch<ProviderNode> {

        /** What a start may take besides waiting for the key centre. */
        private static final Duration REST = Duration.ofMinutes(1);

        /** What leaving the cluster may take. */
        private static final Duration LEAVING = Duration.ofSeconds(15);

        private final ProviderConfig config;
        private final ProviderBase base;
        private final Optional<EnrolmentToken> token;
        private final SecureRandom random = new SecureRandom();
        private final Metrics metrics = new Metrics();
        private final AtomicBoolean closed = new AtomicBoolean();
        private volatile @Nullable Mesh joined;
        private volatile @Nullable Provider begun;

        Start(ProviderConfig config, ProviderBase base, Optional<EnrolmentToken> token) {
            this.config = config;
            this.base = base;
            this.token = token;
        }

        @Override
        public Future<ProviderNode> start() {
            ProviderRuntime runtime = new ProviderRuntime(Clock.systemUTC(), random, metrics);
            return NodeStart.on(config.cluster(), metrics.ofVertx(), mesh -> {
                        metrics.count(mesh.counters());
                        metrics.show("ferrymesh.mesh.members", "processes in the cluster", mesh::members);
                        joined = mesh;
                        Provider provider = new Provider(mesh, base, token, keys -> engine(mesh, keys), runtime);
                        begun = provider;
                        return provider.start().map(started -> new ProviderNode(this, provider));
                    })
                    .onFailure(failed -> close());
        }

        @Override
        public Duration longestStart() {
            return REST.plusSeconds(config.kgc().startWaitSeconds());
        }

        @Override
        public String stage() {
            Provider provider = begun;
            return provider == null ? "joining the cluster" : provider.doing();
        }

        /** Lets requests end and hands its work over before it leaves the cluster. The result belongs to no context: they end here. */
        @Override
        public Future<Void> stop() {
            Promise<Void> stopped = Promise.promise();
            Provider provider = begun;
            Mesh mesh = joined;
            if (provider == null || mesh == null) {
                return Future.succeededFuture();
            }
            provider.stop().onComplete(ended -> mesh.close().onComplete(left -> {
                close();
                stopped.handle(left);
            }));
            return stopped.future();
        }

        @Override
        public Duration longestStop() {
            return Provider.longestStop(config).plus(LEAVING);
        }

        private void close() {
            if (!closed.getAndSet(true)) {
                base.close();
                metrics.close();
            }
        }

        private Future<MigrationEngine> engine(Mesh mesh, ProviderKeys keys) {
            long configured = config.limits().windowBytes();
            long windows = configured > 0
                    ? configured
                    : EngineOptions.windowBytesFor(Runtime.getRuntime().maxMemory());
            EngineOptions options = EngineOptions.defaults()
                    .with(config.limits().maxLanes(), windows, config.limits().maxSessions());
            MigrationVerticle engine = new MigrationVerticle(
                    new EngineContext(mesh, new EngineTrust(keys), keys::take, Clock.systemUTC(), random, options));
            EngineMetrics.show(metrics, engine);
            return mesh.vertx().deployVerticle(engine).map(id -> new EngineAdapter(engine));
        }
    }
}
