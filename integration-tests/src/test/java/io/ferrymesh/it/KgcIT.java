package io.ferrymesh.it;

import static io.ferrymesh.it.KgcCluster.await;
import static io.ferrymesh.it.KgcCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.kgc.Provider;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.provider.KgcClient;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.RefusedException;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The key centre and a provider's client, each on its own member of a cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KgcIT {

    private static final int QUOTA = 8;
    private static final long VALIDITY = 86_400;
    private static final List<Line> LINES = List.of(new Line(Usage.SIGNING, 1), new Line(Usage.KEY_AGREEMENT, 2));

    private final KgcCluster cluster =
            new KgcCluster(new KgcOptions(3_600, VALIDITY, QUOTA, VALIDITY, 3_600, 100, 600, 1_000, 8));

    @BeforeAll
    void serving() {
        assertThat(await(cluster.client().parameters()).kgc()).isEqualTo(cluster.kgc.publicKey());
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void a_token_enrols_one_provider_once() {
        try (EnrolmentToken token = cluster.kgc.newToken("north")) {
            List<Credential> credentials = await(cluster.client().enrol(token, LINES, VALIDITY));
            assertThat(credentials)
                    .extracting(each -> each.certificate().info().usage())
                    .containsExactly(Usage.SIGNING, Usage.KEY_AGREEMENT, Usage.KEY_AGREEMENT);
            assertThat(cluster.kgc.trace(credentials.get(2).certificate().pseudonym(), "test"))
                    .map(Provider::name)
                    .contains("north");
            assertThat(failure(cluster.client().enrol(token, LINES, VALIDITY))).isEqualTo(ErrorCode.NOT_ENROLLED);
        }
    }

    @Test
    void unknown_and_expired_tokens_are_refused() {
        int before = cluster.kgc.providers().size();
        try (EnrolmentToken unknown = EnrolmentToken.random(cluster.random);
                EnrolmentToken late = cluster.kgc.newToken("late")) {
            assertThat(failure(cluster.client().enrol(unknown, LINES, VALIDITY)))
                    .isEqualTo(ErrorCode.NOT_ENROLLED);
            cluster.advance(Duration.ofHours(1));
            assertThat(failure(cluster.client().enrol(late, LINES, VALIDITY))).isEqualTo(ErrorCode.NOT_ENROLLED);
        }
        assertThat(cluster.kgc.providers()).hasSize(before);
    }

    @Test
    void another_key_centre_than_the_configured_one_is_not_believed() {
        KgcClient stranger = cluster.client(Digest.sha256());
        assertThat(failure(stranger.parameters())).isEqualTo(ErrorCode.INVALID_MESSAGE);
        try (EnrolmentToken token = cluster.kgc.newToken("north")) {
            assertThat(failure(stranger.enrol(token, LINES, VALIDITY))).isEqualTo(ErrorCode.INVALID_MESSAGE);
            assertThat(await(cluster.client().enrol(token, LINES, VALIDITY))).hasSize(3);
        }
    }

    @Test
    void a_signing_credential_gets_more_up_to_the_quota() {
        Credential signer = enrolled("east").get(0);
        List<Line> rest = List.of(new Line(Usage.KEY_AGREEMENT, QUOTA - 3));
        assertThat(await(cluster.client().renew(signer, rest, VALIDITY))).hasSize(QUOTA - 3);
        assertThat(failure(cluster.client().renew(signer, LINES, VALIDITY))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }

    @Test
    void a_revoked_signing_certificate_gets_nothing_and_everybody_learns_of_it() {
        Credential signer = enrolled("west").get(0);
        cluster.kgc.revoke(signer.certificate().pseudonym());
        assertThat(failure(cluster.client().renew(signer, LINES, VALIDITY))).isEqualTo(ErrorCode.REVOKED);
        var list = await(cluster.client().revocations(cluster.kgc.publicKey()));
        assertThat(list.contains(signer.certificate().pseudonym())).isTrue();
    }

    @Test
    void a_replayed_request_is_answered_alike_and_issued_once() {
        Credential signer = enrolled("south").get(0);
        try (IssuanceClient request = IssuanceClient.renew(order(1), signer, cluster.random)) {
            Buffer first = issue(request.message());
            assertThat(issue(request.message())).isEqualTo(first);
            assertThat(request.accept(first.getBytes())).hasSize(1);
        }
        List<Line> rest = List.of(new Line(Usage.KEY_AGREEMENT, QUOTA - 4));
        assertThat(await(cluster.client().renew(signer, rest, VALIDITY))).hasSize(QUOTA - 4);
    }

    @Test
    void a_spent_tokens_own_request_is_answered_again() {
        try (EnrolmentToken token = cluster.kgc.newToken("again");
                IssuanceClient request = IssuanceClient.enrol(order(1), token, cluster.random)) {
            int before = cluster.kgc.providers().size();
            assertThat(issue(request.message())).isEqualTo(issue(request.message()));
            assertThat(cluster.kgc.providers()).hasSize(before + 1);
            assertThat(failure(cluster.client().enrol(token, LINES, VALIDITY))).isEqualTo(ErrorCode.NOT_ENROLLED);
        }
    }

    @Test
    void a_reply_opens_for_nobody_else() {
        Credential signer = enrolled("centre").get(0);
        try (IssuanceClient mine = IssuanceClient.renew(order(1), signer, cluster.random);
                IssuanceClient other = IssuanceClient.renew(order(1), signer, cluster.random)) {
            Buffer reply = issue(mine.message());
            assertThatThrownBy(() -> other.accept(reply.getBytes())).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void garbage_of_every_size_is_refused_and_changes_nothing() {
        List<Provider> before = cluster.kgc.providers();
        for (int length : new int[] {0, 1, 66, 500, 2_048, 2_049, 1 << 20}) {
            byte[] noise = new byte[length];
            cluster.random.nextBytes(noise);
            assertThat(failure(cluster.mesh.call(KgcServices.ISSUE, Buffer.buffer(noise))))
                    .as("%d bytes", length)
                    .isEqualTo(ErrorCode.INVALID_MESSAGE);
        }
        assertThat(failure(cluster.mesh.call(KgcServices.PARAMETERS, Buffer.buffer("x"))))
                .isEqualTo(ErrorCode.INVALID_MESSAGE);
        assertThat(cluster.kgc.providers()).isEqualTo(before);
        assertThat(enrolled("after")).hasSize(3);
    }

    private List<Credential> enrolled(String name) {
        try (EnrolmentToken token = cluster.kgc.newToken(name)) {
            return await(cluster.client().enrol(token, LINES, VALIDITY));
        }
    }

    private Buffer issue(byte[] message) {
        return await(cluster.mesh.call(KgcServices.ISSUE, Buffer.buffer(message)));
    }

    private IssuanceClient.Order order(int count) {
        KgcParameters parameters = await(cluster.client().parameters());
        return new IssuanceClient.Order(
                parameters.kgc(),
                parameters.hpke(),
                List.of(new Line(Usage.KEY_AGREEMENT, count)),
                parameters.align(cluster.now(), VALIDITY),
                cluster.now());
    }
}
