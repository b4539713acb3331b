package io.ferrymesh.cli;

import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.migration.EngineContext;
import io.ferrymesh.migration.EngineOptions;
import io.ferrymesh.migration.MigrationVerticle;
import io.ferrymesh.provider.ProviderKeys;
import io.ferrymesh.provider.ProviderOptions;
import io.ferrymesh.provider.ProviderVerticle;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.scheme.EnrolmentToken;
import io.vertx.core.Future;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;

/** A provider in this process: one cluster member, its API, and the migration engine wired to its keys. */
final class ProviderNode implements Node {

    private final Mesh mesh;
    private final URI api;

    private ProviderNode(Mesh mesh, URI api) {
        this.mesh = mesh;
        this.api = api;
    }

    /** Joins the cluster, enrols with the token, which it closes, and listens. */
    static Future<ProviderNode> start(
            MeshOptions cluster, ProviderOptions options, EngineOptions engine, EnrolmentToken token) {
        SecureRandom random = new SecureRandom();
        return NodeStart.on(cluster, mesh -> {
            ProviderVerticle verticle = new ProviderVerticle(
                    mesh, options, token, keys -> engine(mesh, keys, engine, random), Clock.systemUTC(), random);
            return mesh.vertx()
                    .deployVerticle(verticle)
                    .map(id -> new ProviderNode(
                            mesh, URI.create("http://" + bracketed(options.httpHost()) + ":" + verticle.port())));
        });
    }

    /** Where its HTTP API is. */
    URI api() {
        return api;
    }

    @Override
    public Future<Void> stop() {
        return mesh.close();
    }

    private static Future<MigrationEngine> engine(
            Mesh mesh, ProviderKeys keys, EngineOptions options, SecureRandom random) {
        MigrationVerticle engine = new MigrationVerticle(
                new EngineContext(mesh, new EngineTrust(keys), keys::take, Clock.systemUTC(), random, options));
        return mesh.vertx().deployVerticle(engine).map(id -> new EngineAdapter(engine));
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
