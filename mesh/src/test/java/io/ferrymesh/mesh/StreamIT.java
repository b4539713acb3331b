package io.ferrymesh.mesh;

import static io.ferrymesh.mesh.TestCluster.await;
import static io.ferrymesh.mesh.TestCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Streams between two members of a real cluster. */
class StreamIT {

    private static final TestCluster CLUSTER = new TestCluster();
    private static Mesh sender;
    private static Mesh receiver;

    @BeforeAll
    static void start() {
        sender = CLUSTER.join();
        receiver = CLUSTER.join();
    }

    @AfterAll
    static void stop() {
        CLUSTER.close();
    }

    @Test
    void many_frames_of_random_sizes_arrive_in_order_and_whole() {
        Topic topic = new Topic("order");
        List<Buffer> got = new ArrayList<>();
        Promise<Void> over = Promise.promise();
        receiver.onStream(topic, stream -> {
            stream.frames(frame -> {
                got.add(frame);
                stream.grant(frame.length());
            });
            stream.closed().onComplete(over);
            return Future.succeededFuture(1L << 20);
        });
        OutboundStream stream = await(sender.peer(receiver.address()).open(topic, Buffer.buffer("hello")));
        Random random = new Random(1);
        List<Buffer> sent = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 200_000 : 2_000)];
            random.nextBytes(bytes);
            Buffer frame = Buffer.buffer(bytes);
            sent.add(frame);
            await(stream.write(frame));
        }
        await(stream.end());
        await(over.future());
        await(stream.closed());
        assertThat(got).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(got.get(i).getBytes()).isEqualTo(sent.get(i).getBytes());
        }
    }

    @Test
    void a_refused_stream_fails_with_the_code_it_was_refused_with() {
        Topic topic = new Topic("refused");
        receiver.onStream(topic, stream -> Future.failedFuture(new MeshException(ErrorCode.QUOTA_EXCEEDED, "full")));
        assertThat(failure(sender.peer(receiver.address()).open(topic, Buffer.buffer())))
                .isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }
}
