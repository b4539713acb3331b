package io.ferrymesh.mesh;

import static io.ferrymesh.mesh.TestCluster.await;
import static io.ferrymesh.mesh.TestCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A peer in another JVM that is killed. */
class LostPeerIT {

    private static Process start(TestCluster cluster, int member) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent"))
                .toList());
        String members =
                cluster.ports().stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                cluster.name(),
                cluster.ports().get(member).toString(),
                members));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The first line that is an address; what else is printed is passed over. */
    private static PeerAddress address(Process process) {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return out.lines()
                .filter(line -> line.startsWith(PeerAddress.PREFIX))
                .map(PeerAddress::new)
                .findFirst()
                .orElseThrow(() -> new UncheckedIOException(new IOException("the other process did not start")));
    }

    @Test
    void a_killed_peer_is_lost_to_sending_and_receiving_ends_and_to_requests() throws IOException {
        try (TestCluster cluster = new TestCluster()) {
            Mesh mesh = cluster.join(options -> options.heartbeatIntervalMs(500));
            Process process = start(cluster, 1);
            try {
                PeerAddress other = address(process);
                Promise<Void> loss = Promise.promise();
                mesh.rendezvous().onLoss(loss::tryComplete);
                Promise<InboundStream> back = Promise.promise();
                mesh.onStream(new Topic("back"), stream -> {
                    stream.frames(frame -> {});
                    back.complete(stream);
                    return Future.succeededFuture(100L);
                });
                OutboundStream there = await(mesh.peer(other).open(new Topic("there"), Buffer.buffer()));
                await(there.write(Buffer.buffer("x")));
                InboundStream receiving = await(back.future());
                assertThat(await(mesh.peer(other).request(new Topic("alive"), Buffer.buffer("y"))))
                        .hasToString("y");
                process.destroyForcibly();
                await(loss.future());
                assertThat(failure(there.closed())).isEqualTo(ErrorCode.PEER_LOST);
                assertThat(failure(receiving.closed())).isEqualTo(ErrorCode.PEER_LOST);
                assertThat(failure(there.write(Buffer.buffer("z")))).isEqualTo(ErrorCode.PEER_LOST);
                assertThat(mesh.counters().get(MeshCounters.Event.PEER_LOST)).isEqualTo(2);
                assertThat(failure(mesh.peer(other).request(new Topic("alive"), Buffer.buffer())))
                        .isEqualTo(ErrorCode.UNAVAILABLE);
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
