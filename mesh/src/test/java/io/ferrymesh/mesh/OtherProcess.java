package io.ferrymesh.mesh;

import static io.ferrymesh.mesh.TestCluster.await;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** A member in a JVM of its own: accepts a stream, opens one back to who opened it, and waits to be killed. */
final class OtherProcess {

    private OtherProcess() {}

    public static void main(String[] arguments) {
        JavaObjects.refuseOthers();
        Mesh mesh = await(Meshes.start(MeshOptions.builder()
                .clusterName(arguments[0])
                .clusterPort(Integer.parseInt(arguments[1]))
                .members(List.of(arguments[2].split(",", -1)))
                .build()));
        mesh.onStream(new Topic("there"), stream -> {
            stream.frames(frame -> stream.grant(frame.length()));
            return mesh.peer(stream.from())
                    .open(new Topic("back"), Buffer.buffer())
                    .map(back -> 1L << 20);
        });
        mesh.onRequest(new Topic("alive"), (from, payload) -> Future.succeededFuture(payload));
        System.out.println(mesh.address().value());
    }
}
