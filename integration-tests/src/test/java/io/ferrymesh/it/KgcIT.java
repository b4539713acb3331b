package io.ferrymesh.it;

import static io.ferrymesh.it.KgcCluster.await;
import static io.ferrymesh.it.KgcCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.provider.KgcClient;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RefusedException;
import io.ferrymesh.scheme.RevocationEntry;
import io.ferrymesh.scheme.RevocationPage;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The key centre and a provider's client, each on its own member of a cluster: what is served, and every refusal. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KgcIT {

    private static final int QUOTA = 8;
    private static final long VALIDITY = 86_400;
    private static final List<Line> LINES = List.of(new Line(Usage.SIGNING, 1), new Line(Usage.KEY_AGREEMENT, 2));

    private final KgcCluster cluster = new KgcCluster(KgcOptions.defaults()
            .with("maxValiditySeconds", VALIDITY)
            .with("certificatesPerEpoch", QUOTA)
            .with("announcementValiditySeconds", 600));

    @BeforeAll
    void serving() {
        assertThat(parameters().kgc()).isEqualTo(key());
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void a_token_enrols_one_provider_once() {
        try (EnrolmentToken token = cluster.newToken("north")) {
            List<Credential> credentials = enrol(token);
            assertThat(credentials)
                    .extracting(each -> each.certificate().info().usage())
                    .containsExactly(Usage.SIGNING, Usage.KEY_AGREEMENT, Usage.KEY_AGREEMENT);
            assertThat(cluster.as(Role.TRACE)
                            .trace(name(credentials.get(2)), KgcCluster.REASON)
                            .provider())
                    .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo("north"));
            assertThat(enrolmentFailure(token)).isEqualTo(ErrorCode.NOT_ENROLLED);
        }
    }

    @Test
    void unknown_and_expired_tokens_are_refused() {
        try (EnrolmentToken unknown = EnrolmentToken.random(cluster.random);
                EnrolmentToken late = cluster.newToken("late")) {
            assertThat(enrolmentFailure(unknown)).isEqualTo(ErrorCode.NOT_ENROLLED);
            cluster.advance(Duration.ofHours(1));
            assertThat(enrolmentFailure(late)).isEqualTo(ErrorCode.NOT_ENROLLED);
        }
    }

    @Test
    void another_key_centre_than_the_configured_one_is_not_known() {
        assertThat(failure(cluster.client().parameters(Digest.sha256()))).isEqualTo(ErrorCode.KEY_RETIRED);
        assertThat(failure(cluster.mesh.call(
                        KgcServices.BULLETIN, Buffer.buffer(Digest.sha256().bytes()))))
                .isEqualTo(ErrorCode.KEY_RETIRED);
    }

    @Test
    void a_signing_credential_gets_more_up_to_the_quota() {
        Credential signer = enrolled("east").get(0);
        assertThat(renew(signer, QUOTA - 3)).hasSize(QUOTA - 3);
        assertThat(renewalFailure(signer, 1)).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }

    @Test
    void a_revoked_signing_certificate_gets_nothing_and_everybody_learns_of_it() {
        Credential signer = enrolled("west").get(0);
        Promise<Bulletin> heard = Promise.promise();
        long before = bulletin().number();
        await(cluster.stranger.subscribe(KgcServices.BULLETINS, published -> {
            Bulletin bulletin = Bulletin.verify(published.getBytes(), key(), cluster.now());
            if (bulletin.number() > before) {
                boolean unused = heard.tryComplete(bulletin);
            }
        }));
        assertThat(cluster.revoke(name(signer)).revoked()).isEqualTo(1);
        assertThat(renewalFailure(signer, 1)).isEqualTo(ErrorCode.REVOKED);
        assertThat(await(heard.future()).number()).isEqualTo(before + 1);
        Bulletin after = bulletin();
        assertThat(after.number()).isGreaterThan(before);
        RevocationPage page = await(cluster.client().page(new RevocationPage.Request(before, after.number())));
        assertThat(page.entries()).extracting(RevocationEntry::pseudonym).contains(name(signer));
    }

    @Test
    void a_revoked_provider_gets_nothing() {
        Credential signer = enrolled("southwest").get(0);
        long number = number("southwest");
        try (EnrolmentToken token = cluster.newToken(number)) {
            assertThat(cluster.as(Role.REVOCATION)
                            .revokeProvider(number, KgcCluster.REASON)
                            .revoked())
                    .isEqualTo(3);
            assertThat(renewalFailure(signer, 1)).isEqualTo(ErrorCode.REVOKED);
            assertThat(enrolmentFailure(token)).isEqualTo(ErrorCode.REVOKED);
        }
    }

    @Test
    void a_replayed_request_is_answered_alike_and_issued_once() {
        Credential signer = enrolled("south").get(0);
        try (IssuanceClient request = IssuanceClient.renew(order(1), signer, cluster.random)) {
            Buffer first = issue(request.message());
            assertThat(issue(request.message())).isEqualTo(first);
            assertThat(request.accept(first.getBytes())).hasSize(1);
        }
        assertThat(renew(signer, QUOTA - 4)).hasSize(QUOTA - 4);
    }

    @Test
    void a_spent_tokens_own_request_is_answered_again() {
        try (EnrolmentToken token = cluster.newToken("again");
                IssuanceClient request = IssuanceClient.enrol(order(1), token, cluster.random)) {
            assertThat(issue(request.message())).isEqualTo(issue(request.message()));
            assertThat(enrolmentFailure(token)).isEqualTo(ErrorCode.NOT_ENROLLED);
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
    void a_request_that_another_wrapped_again_is_refused_and_costs_its_owner_nothing() {
        Credential signer = enrolled("northeast").get(0);
        try (IssuanceClient mine = IssuanceClient.renew(order(1), signer, cluster.random);
                IssuanceClient wrapper = IssuanceClient.renew(order(1), signer, cluster.random)) {
            byte[] mixed = mine.message().clone();
            System.arraycopy(wrapper.message(), 0, mixed, 0, 1 + 4 + 65);
            assertThat(refusal(mixed)).isEqualTo(ErrorCode.INVALID_MESSAGE);
            for (int at = 0; at < mine.message().length; at += 13) {
                byte[] changed = mine.message().clone();
                changed[at] ^= 0x10;
                assertThat(refusal(changed)).as("byte %d", at).isIn(ErrorCode.INVALID_MESSAGE, ErrorCode.KEY_RETIRED);
            }
        }
        assertThat(renew(signer, QUOTA - 3)).hasSize(QUOTA - 3);
    }

    @Test
    void a_request_signed_for_one_key_centre_is_worth_nothing_at_another() {
        try (KgcCluster other = new KgcCluster(KgcOptions.defaults())) {
            Credential signer = enrolled("northwest").get(0);
            var foreign = await(other.client().parameters(other.kgc.publicKey().fingerprint()));
            var order = new IssuanceClient.Order(
                    foreign.kgc(), foreign.hpke(), LINES, foreign.align(other.now(), 3_600), other.now());
            try (IssuanceClient request = IssuanceClient.renew(order, signer, cluster.random)) {
                assertThat(failure(other.mesh.call(KgcServices.ISSUE, Buffer.buffer(request.message()))))
                        .isEqualTo(ErrorCode.INVALID_MESSAGE);
                assertThat(refusal(request.message())).isEqualTo(ErrorCode.KEY_RETIRED);
            }
        }
    }

    @Test
    void garbage_of_every_size_is_refused_and_changes_nothing() {
        long entries = cluster.as(Role.AUDIT).status().certificates();
        for (int length : new int[] {0, 1, 66, 500, 2_048, 2_049, 1 << 20}) {
            byte[] noise = new byte[length];
            cluster.random.nextBytes(noise);
            assertThat(refusal(noise)).as("%d bytes", length).isIn(ErrorCode.INVALID_MESSAGE, ErrorCode.KEY_RETIRED);
        }
        for (int length : new int[] {0, 1, 31, 33, 2_048}) {
            Buffer wrong = Buffer.buffer(new byte[length]);
            assertThat(failure(cluster.mesh.call(KgcServices.PARAMETERS, wrong)))
                    .isEqualTo(ErrorCode.INVALID_MESSAGE);
            assertThat(failure(cluster.mesh.call(KgcServices.BULLETIN, wrong))).isEqualTo(ErrorCode.INVALID_MESSAGE);
            assertThat(failure(cluster.mesh.call(KgcServices.REVOCATIONS, wrong)))
                    .isEqualTo(ErrorCode.INVALID_MESSAGE);
        }
        assertThat(failure(cluster.mesh.call(KgcServices.REVOCATIONS, Buffer.buffer(new byte[17]))))
                .isEqualTo(ErrorCode.INVALID_MESSAGE);
        assertThat(cluster.as(Role.AUDIT).status().certificates()).isEqualTo(entries);
        assertThat(enrolled("after")).hasSize(3);
    }

    @Test
    void a_page_beyond_the_log_is_empty() {
        RevocationPage page = await(cluster.client().page(new RevocationPage.Request(1L << 40, 1L << 41)));
        assertThat(page.first()).isEqualTo((1L << 40) + 1);
        assertThat(page.entries()).isEmpty();
    }

    private KgcPublicKey key() {
        return cluster.kgc.publicKey();
    }

    private KgcParameters parameters() {
        return await(cluster.client().parameters(key().fingerprint()));
    }

    private Bulletin bulletin() {
        return await(cluster.client().bulletin(key()));
    }

    private long number(String provider) {
        return cluster.providers().stream()
                .filter(each -> each.name().equals(provider))
                .findFirst()
                .orElseThrow()
                .number();
    }

    private List<Credential> enrolled(String name) {
        try (EnrolmentToken token = cluster.newToken(name)) {
            return enrol(token);
        }
    }

    private List<Credential> enrol(EnrolmentToken token) {
        return await(cluster.client().enrol(parameters(), token, LINES, VALIDITY));
    }

    private ErrorCode enrolmentFailure(EnrolmentToken token) {
        return failure(cluster.client().enrol(parameters(), token, LINES, VALIDITY));
    }

    private List<Credential> renew(Credential signer, int count) {
        KgcClient client = cluster.client();
        return await(client.renew(parameters(), signer, List.of(new Line(Usage.KEY_AGREEMENT, count)), VALIDITY));
    }

    private ErrorCode renewalFailure(Credential signer, int count) {
        KgcClient client = cluster.client();
        return failure(client.renew(parameters(), signer, List.of(new Line(Usage.KEY_AGREEMENT, count)), VALIDITY));
    }

    private Buffer issue(byte[] message) {
        return await(cluster.mesh.call(KgcServices.ISSUE, Buffer.buffer(message)));
    }

    private ErrorCode refusal(byte[] message) {
        return failure(cluster.mesh.call(KgcServices.ISSUE, Buffer.buffer(message)));
    }

    private IssuanceClient.Order order(int count) {
        KgcParameters parameters = parameters();
        return new IssuanceClient.Order(
                parameters.kgc(),
                parameters.hpke(),
                List.of(new Line(Usage.KEY_AGREEMENT, count)),
                parameters.align(cluster.now(), VALIDITY),
                cluster.now());
    }

    private static Pseudonym name(Credential credential) {
        return credential.certificate().pseudonym();
    }
}
