package io.ferrymesh.mesh;

import static io.ferrymesh.mesh.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Members that know each other by names only, each on an address of its own with the same port, as pods have it. */
class NamesIT {

    /** The last one is nobody's. */
    private static final List<String> NAMES = List.of("127.0.0.1", "127.0.0.2", "nobody.invalid");

    @Test
    void members_behind_different_names_are_one_cluster() {
        try (TestCluster cluster = new TestCluster()) {
            int port = cluster.ports().get(0);
            Mesh one = cluster.join(options -> named(options, "127.0.0.1", port));
            Mesh two = cluster.join(options -> named(options, "127.0.0.2", port));
            two.onRequest(new Topic("echo"), (from, payload) -> Future.succeededFuture(payload));
            assertThat(await(one.peer(two.address()).request(new Topic("echo"), Buffer.buffer("hello"))))
                    .hasToString("hello");
        }
    }

    private static MeshOptions.Builder named(MeshOptions.Builder options, String host, int port) {
        return options.host(host).clusterPort(port).members(List.of()).dns(NAMES);
    }
}
