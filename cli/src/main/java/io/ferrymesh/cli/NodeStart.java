package io.ferrymesh.cli;

import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.mesh.Meshes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.VertxMetricsFactory;
import java.util.function.Function;

/** Starts what runs on a mesh of its own. */
final class NodeStart {

    private NodeStart() {}

    /**
     * Joins the cluster and starts a node there. When that fails, the mesh is closed before the failure is told. The result
     * belongs to no context: those of a closed mesh tell nobody anything any more.
     */
    static <N> Future<N> on(MeshOptions cluster, Function<Mesh, Future<N>> node) {
        return on(Meshes.start(cluster), node);
    }

    /** The same where Vert.x is measured. */
    static <N> Future<N> on(MeshOptions cluster, VertxMetricsFactory metrics, Function<Mesh, Future<N>> node) {
        return on(Meshes.start(cluster, metrics), node);
    }

    private static <N> Future<N> on(Future<Mesh> joining, Function<Mesh, Future<N>> node) {
        Promise<N> outcome = Promise.promise();
        joining.onFailure(outcome::fail).onSuccess(mesh -> Future.succeededFuture(mesh)
                .compose(node)
                .onSuccess(outcome::complete)
                .onFailure(failure -> mesh.close().onComplete(closed -> outcome.fail(failure))));
        return outcome.future();
    }
}
