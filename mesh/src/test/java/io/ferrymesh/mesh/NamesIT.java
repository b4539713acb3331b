package io.ferrymesh.mesh;

import static io.ferrymesh.mesh.TestCluster.await;
import static io.ferrymesh.mesh.TestCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Members that know each other by names only, each on an address of its own with the same port, as pods have it. */
class NamesIT {

    /** The last one is nobody's. */
    private static final List<String> NAMES = List.of("127.0.0.1", "127.0.0.2", "nobody.invalid");

    private static final int TRIES = 250;

    @Test
    void members_behind_different_names_are_one_cluster() {
        try (TestCluster cluster = new TestCluster()) {
            int port = cluster.ports().get(0);
            Mesh one = cluster.join(options -> named(options, "127.0.0.1", port));
            Mesh two = cluster.join(options -> named(options, "127.0.0.2", port));
            two.onRequest(new Topic("echo"), (from, payload) -> Future.succeededFuture(payload));
            assertThat(await(one.peer(two.address()).request(new Topic("echo"), Buffer.buffer("hello"))))
                    .hasToString("hello");
            assertThat(one.members()).isEqualTo(2);
            assertThat(two.members()).isEqualTo(2);
        }
    }

    /** As when pods start at once, before DNS has heard of all of them. */
    @Test
    void names_are_asked_again_so_that_a_cluster_that_began_apart_comes_together() {
        try (TestCluster cluster = new TestCluster()) {
            int port = cluster.ports().get(0);
            // Of two that are as large the one with the later address gives way, so it is the one that has to know the
            // other.
            Mesh one = cluster.join(options -> named(options, "127.0.0.2", port));
            Mesh apart =
                    cluster.join(options -> named(options, "127.0.0.1", port).dns(List.of("127.0.0.1")));
            apart.onRequest(new Topic("echo"), (from, payload) -> Future.succeededFuture(payload));
            Peer peer = one.peer(apart.address());
            assertThat(failure(peer.request(new Topic("echo"), Buffer.buffer("hello"))))
                    .as("it has founded a cluster of its own")
                    .isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(await(asked(one.vertx(), peer, TRIES))).hasToString("hello");
        }
    }

    /** Asks again and again until somebody answers. */
    private static Future<Buffer> asked(Vertx vertx, Peer peer, int tries) {
        Future<Buffer> answer = peer.request(new Topic("echo"), Buffer.buffer("hello"));
        return tries == 0
                ? answer
                : answer.recover(failed ->
                        vertx.timer(200, TimeUnit.MILLISECONDS).compose(later -> asked(vertx, peer, tries - 1)));
    }

    private static MeshOptions.Builder named(MeshOptions.Builder options, String host, int port) {
        return options.host(host).clusterPort(port).members(List.of()).dns(NAMES);
    }
}
