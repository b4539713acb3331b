package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.kgc.KgcVerticle;
import io.ferrymesh.kgc.api.ApiBackend;
import io.ferrymesh.kgc.api.ApiOptions;
import io.ferrymesh.kgc.api.ApiVerticle;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshOptions;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;

/** A node of a key generation centre in this process: one cluster member, its registry, the operators' API. */
final class KgcNode implements Node {

    /** A key centre whose registry is open: what serves it, and what it needs as long as it does. */
    static final class Centre implements AutoCloseable {

        private final KgcKeyring keyring;
        private final Database database;
        private final PrometheusMeterRegistry meters;
        private final Kgc kgc;

        private Centre(KgcKeyring keyring, Database database, PrometheusMeterRegistry meters, Kgc kgc) {
            this.keyring = keyring;
            this.database = database;
            this.meters = meters;
            this.kgc = kgc;
        }

        /** Takes the keys over: they are wiped when it is closed, or not opened. Blocking. */
        static Centre open(
                KgcKeyring keyring, DatabaseOptions where, KgcOptions options, Function<Database, Backups> backups) {
            PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            try {
                CentreOptions.requireThere(where);
                Database database = Database.open(where, Kgc.MIGRATIONS);
                try {
                    Kgc kgc =
                            Kgc.open(keyring, database, options, backups.apply(database), LocalCentre.runtime(meters));
                    return new Centre(keyring, database, meters, kgc);
                } catch (RuntimeException e) {
                    database.close();
                    throw e;
                }
            } catch (RuntimeException e) {
                keyring.close();
                throw e;
            }
        }

        Kgc kgc() {
            return kgc;
        }

        private ApiBackend backend() {
            return new ApiBackend(kgc, kgc::requireWorking, meters);
        }

        @Override
        public void close() {
            kgc.close();
            database.close();
            keyring.close();
        }
    }

    private static final Duration LONGEST_START = Duration.ofSeconds(120);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(15);

    private final Mesh mesh;
    private final Centre centre;
    private final URI api;

    private KgcNode(Mesh mesh, Centre centre, URI api) {
        this.mesh = mesh;
        this.centre = centre;
        this.api = api;
    }

    /** Joins the cluster and answers. Takes the centre over: it is closed when the node stops, or does not start. */
    static Future<KgcNode> start(MeshOptions cluster, Centre centre, ApiOptions options) {
        return NodeStart.on(cluster, mesh -> {
                    ApiVerticle api = new ApiVerticle(options, centre.backend());
                    return mesh.vertx()
                            .deployVerticle(new KgcVerticle(mesh, centre.kgc()))
                            .compose(serving -> mesh.vertx().deployVerticle(api))
                            .map(listening -> new KgcNode(mesh, centre, api.uri()));
                })
                .onFailure(failed -> centre.close());
    }

    /** The same, to be run. Told to stop before it is there, it stops when it is. */
    static Launch<KgcNode> launch(MeshOptions cluster, Centre centre, ApiOptions options) {
        Promise<KgcNode> node = Promise.promise();
        return new Launch<>() {
            @Override
            public Future<KgcNode> start() {
                return KgcNode.start(cluster, centre, options).onComplete(node);
            }

            @Override
            public Duration longestStart() {
                return LONGEST_START;
            }

            @Override
            public String stage() {
                return "joining the cluster, or opening its ports";
            }

            @Override
            public Future<Void> stop() {
                return node.future()
                        .transform(started ->
                                started.succeeded() ? started.result().stop() : Future.succeededFuture());
            }

            @Override
            public Duration longestStop() {
                return LONGEST_STOP;
            }
        };
    }

    Kgc kgc() {
        return centre.kgc();
    }

    /** Where the operators' API is. */
    URI api() {
        return api;
    }

    @Override
    public Future<Void> stop() {
        return mesh.close().eventually(() -> {
            centre.close();
            return Future.succeededFuture();
        });
    }
}
