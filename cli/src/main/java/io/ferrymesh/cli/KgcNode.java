package io.ferrymesh.cli;

import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.KgcKeys;
import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.kgc.KgcVerticle;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshOptions;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Clock;

/** A key generation centre in this process: one cluster member, one verticle. */
final class KgcNode implements Node {

    private final Mesh mesh;
    private final Kgc kgc;

    private KgcNode(Mesh mesh, Kgc kgc) {
        this.mesh = mesh;
        this.kgc = kgc;
    }

    /** Joins the cluster and answers. Takes the keys over: they are wiped when the node stops. */
    static Future<KgcNode> start(MeshOptions cluster, KgcKeys keys, KgcOptions options) {
        return NodeStart.on(cluster, mesh -> {
            KgcVerticle verticle = new KgcVerticle(mesh, keys, options, Clock.systemUTC(), new SecureRandom());
            return mesh.vertx().deployVerticle(verticle).map(id -> new KgcNode(mesh, verticle.kgc()));
        });
    }

    Kgc kgc() {
        return kgc;
    }

    @Override
    public Future<Void> stop() {
        return mesh.close();
    }
}
