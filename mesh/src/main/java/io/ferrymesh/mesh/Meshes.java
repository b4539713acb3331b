package io.ferrymesh.mesh;

import io.ferrymesh.mesh.bus.BusMesh;
import io.vertx.core.Future;
import io.vertx.core.spi.VertxMetricsFactory;
import java.util.Optional;

/** Starts meshes. Several run side by side in one JVM; each has its own Vert.x and Hazelcast. */
public final class Meshes {

    private Meshes() {}

    /** Joins the cluster, or founds it. Completes when this process can be reached at {@link Mesh#address()}. */
    public static Future<Mesh> start(MeshOptions options) {
        return BusMesh.start(options, Optional.empty());
    }

    /** The same, with everything that Vert.x does there measured. */
    public static Future<Mesh> start(MeshOptions options, VertxMetricsFactory metrics) {
        return BusMesh.start(options, Optional.of(metrics));
    }
}
