package io.ferrymesh.mesh;

import static io.ferrymesh.mesh.TestCluster.await;
import static io.ferrymesh.mesh.TestCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Members that share an authority, and some that do not, in one Hazelcast cluster. */
class BusTlsIT {

    private static final TestCluster CLUSTER = new TestCluster();
    private static final Topic ECHO = new Topic("echo");
    private static final Topic LANE = new Topic("lane");
    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();

    @TempDir
    private static Path directory;

    private static final AtomicInteger asked = new AtomicInteger();
    private static Mesh one;
    private static Mesh two;
    private static Mesh plain;
    private static Mesh stranger;

    @BeforeAll
    static void start() throws Exception {
        LOG.start();
        ((Logger) LoggerFactory.getLogger("io.ferrymesh.mesh.bus.Membership")).addAppender(LOG);
        TestAuthority authority = new TestAuthority(directory, "authority");
        TestAuthority other = new TestAuthority(directory, "other");
        one = CLUSTER.join(options -> options.eventBusTls(tls(authority, "one")));
        two = CLUSTER.join(options -> options.eventBusTls(tls(authority, "two")));
        plain = CLUSTER.join(options -> options.requestTimeoutMs(3_000));
        stranger =
                CLUSTER.join(options -> options.eventBusTls(tls(other, "three")).requestTimeoutMs(3_000));
        for (Mesh mesh : List.of(one, two, plain, stranger)) {
            mesh.onRequest(ECHO, (from, payload) -> {
                asked.incrementAndGet();
                return Future.succeededFuture(payload);
            });
        }
    }

    @AfterAll
    static void stop() {
        CLUSTER.close();
        ((Logger) LoggerFactory.getLogger("io.ferrymesh.mesh.bus.Membership")).detachAppender(LOG);
    }

    private static BusTls tls(TestAuthority authority, String member) {
        try {
            return authority.tls(member);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void members_of_one_authority_exchange_requests_and_streams() {
        assertThat(await(one.peer(two.address()).request(ECHO, Buffer.buffer("there"))))
                .hasToString("there");
        assertThat(await(two.peer(one.address()).request(ECHO, Buffer.buffer("and back"))))
                .hasToString("and back");
        List<String> got = new ArrayList<>();
        Promise<Void> over = Promise.promise();
        two.onStream(LANE, stream -> {
            stream.frames(frame -> {
                got.add(frame.toString());
                stream.grant(frame.length());
            });
            stream.closed().onComplete(over);
            return Future.succeededFuture(100_000L);
        });
        OutboundStream stream = await(one.peer(two.address()).open(LANE, Buffer.buffer()));
        await(stream.write(Buffer.buffer("first")));
        await(stream.write(Buffer.buffer("second")));
        await(stream.end());
        await(over.future());
        assertThat(got).containsExactly("first", "second");
    }

    @Test
    void a_member_without_a_certificate_exchanges_nothing() {
        nothingPasses(plain);
    }

    @Test
    void a_member_with_a_certificate_of_another_authority_exchanges_nothing() {
        nothingPasses(stranger);
    }

    /** Neither way; and not even the request comes, whether or not its sender learns that at once. */
    private static void nothingPasses(Mesh mesh) {
        int before = asked.get();
        assertThat(failure(mesh.peer(one.address()).request(ECHO, Buffer.buffer("in"))))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(one.peer(mesh.address()).request(ECHO, Buffer.buffer("out"))))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(asked).hasValue(before);
    }

    @Test
    void both_sides_are_told_when_one_bus_is_plain_and_the_other_is_not() {
        assertThat(LOG.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("its event bus is plain, this one's TLS"))
                .anyMatch(line -> line.contains("its event bus is TLS, this one's plain"));
    }
}
