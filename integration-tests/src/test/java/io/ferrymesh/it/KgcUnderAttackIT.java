package io.ferrymesh.it;

import static io.ferrymesh.it.KgcCluster.await;
import static io.ferrymesh.it.KgcCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.RevocationPage;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A member of the cluster that sends the key centre more, and larger, than it should, while a provider wants its due. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KgcUnderAttackIT {

    private static final int FLOOD = 600;
    private static final long VALIDITY = 3_600;
    private static final List<Line> LINES = List.of(new Line(Usage.SIGNING, 1), new Line(Usage.KEY_AGREEMENT, 1));

    private final KgcCluster cluster = new KgcCluster(
            KgcOptions.defaults().with("maxConcurrentRequests", 64).with("maxRequestsPerSender", 16));
    private KgcParameters parameters;
    private Credential signer;

    @BeforeAll
    void enrol() {
        parameters = await(cluster.client().parameters(cluster.kgc.publicKey().fingerprint()));
        try (EnrolmentToken token = cluster.newToken("north")) {
            signer = await(cluster.client().enrol(parameters, token, LINES, VALIDITY))
                    .get(0);
        }
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void a_flood_of_enrolments_with_bad_tokens_does_not_keep_a_provider_from_its_refill() {
        List<Buffer> requests = badEnrolments();
        List<Future<Buffer>> flood = new ArrayList<>();
        requests.forEach(request -> flood.add(cluster.stranger.call(KgcServices.ISSUE, request)));
        assertThat(refill()).hasSize(1);
        List<ErrorCode> refusals =
                flood.stream().map(each -> failure(each)).distinct().toList();
        assertThat(refusals).isSubsetOf(ErrorCode.NOT_ENROLLED, ErrorCode.OVERLOADED);
        assertThat(refill()).hasSize(1);
    }

    @Test
    void a_flood_that_never_ends_leaves_every_second_turn_to_a_provider() {
        List<Buffer> requests = badEnrolments();
        AtomicBoolean over = new AtomicBoolean();
        List<Future<Void>> streams = new ArrayList<>();
        for (int stream = 0; stream < 16; stream++) {
            streams.add(floodOn(requests, stream, over));
        }
        for (int i = 0; i < 10; i++) {
            assertThat(refill()).hasSize(1);
        }
        over.set(true);
        await(Future.join(streams).<Void>mapEmpty());
    }

    @Test
    void a_body_of_ten_megabytes_is_dropped_by_the_mesh() throws Exception {
        Mesh victim = cluster.nodes.get(0).mesh();
        long before = victim.counters().get(Event.MALFORMED_MESSAGE);
        Id128 from = Id128.parse(cluster.stranger.address().value().substring(PeerAddress.PREFIX.length()));
        Message huge = new Message.Request(from, from, "kgc.issue", Buffer.buffer(new byte[10 << 20]));
        cluster.stranger
                .vertx()
                .eventBus()
                .send("ferrymesh.service.kgc.issue", huge, new DeliveryOptions().setCodecName("ferrymesh"));
        long counted = Awaiting.until(
                "the message is counted", () -> Optional.of(victim.counters().get(Event.MALFORMED_MESSAGE))
                        .filter(count -> count > before));
        assertThat(counted).isEqualTo(before + 1);
        assertThat(failure(cluster.stranger.call(KgcServices.ISSUE, Buffer.buffer(new byte[10 << 20]))))
                .isEqualTo(ErrorCode.INVALID_MESSAGE);
        assertThat(refill()).hasSize(1);
    }

    @Test
    void a_flood_of_requests_for_pages_is_bounded() {
        Buffer all = Buffer.buffer(new RevocationPage.Request(0, 1L << 40).encoded());
        List<Future<Buffer>> flood = new ArrayList<>();
        for (int i = 0; i < FLOOD; i++) {
            flood.add(cluster.stranger.call(KgcServices.REVOCATIONS, all));
        }
        assertThat(await(cluster.client().page(new RevocationPage.Request(0, 1)))
                        .entries())
                .isEmpty();
        assertThat(flood).allSatisfy(each -> assertThat(outcome(each)).isIn("answered", "OVERLOADED"));
    }

    private static String outcome(Future<Buffer> future) {
        try {
            return await(future).length() > 0 ? "answered" : "empty";
        } catch (MeshException e) {
            return e.code().name();
        }
    }

    private Future<Void> floodOn(List<Buffer> requests, int at, AtomicBoolean over) {
        if (over.get()) {
            return Future.succeededFuture();
        }
        return cluster.stranger
                .call(KgcServices.ISSUE, requests.get(at % requests.size()))
                .transform(refused -> floodOn(requests, at + 16, over));
    }

    private List<Buffer> badEnrolments() {
        List<Buffer> requests = new ArrayList<>();
        for (int i = 0; i < FLOOD; i++) {
            try (EnrolmentToken bad = EnrolmentToken.random(cluster.random);
                    IssuanceClient request = IssuanceClient.enrol(order(LINES), bad, cluster.random)) {
                requests.add(Buffer.buffer(request.message()));
            }
        }
        return requests;
    }

    private List<Credential> refill() {
        return await(cluster.client().renew(parameters, signer, List.of(new Line(Usage.KEY_AGREEMENT, 1)), VALIDITY));
    }

    private IssuanceClient.Order order(List<Line> lines) {
        return new IssuanceClient.Order(
                parameters.kgc(), parameters.hpke(), lines, parameters.align(cluster.now(), VALIDITY), cluster.now());
    }
}
