package io.ferrymesh.kgc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationList;
import io.ferrymesh.scheme.RevocationView.Status;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The key centre without a mesh: registry, issuing and announcements together, under a manual clock. */
class IssuanceTest {

    private static final int QUOTA = 10;

    private final SecureRandom random = new SecureRandom();
    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:10:00Z"));
    private final KgcOptions options = new KgcOptions(3_600, 86_400, QUOTA, 86_400, 600, 2, 60, 1_000, 4);
    private final KgcKeys keys = KgcKeys.generate(random);
    private final KgcRegistry registry = new KgcRegistry(options, keys.trace(), clock.instant());
    private final Announcements announcements = new Announcements(keys, options, registry, clock, random);
    private final Issuance issuance = new Issuance(keys, registry, announcements, clock, random);
    private final Kgc kgc = new Kgc(keys, registry, announcements, clock, random);

    @AfterEach
    void close() {
        announcements.close();
        keys.close();
    }

    @Test
    void a_token_enrols_once() {
        try (EnrolmentToken token = kgc.newToken("north")) {
            List<Credential> credentials = enrol(token, 1, 3);
            assertThat(credentials).hasSize(4);
            assertThat(kgc.providers()).containsExactly(new Provider(1, "north"));
            refused(ErrorCode.NOT_ENROLLED, () -> enrol(token, 1, 1));
        }
    }

    @Test
    void an_unknown_and_an_expired_token_are_refused() {
        try (EnrolmentToken unknown = EnrolmentToken.random(random);
                EnrolmentToken late = kgc.newToken("north")) {
            refused(ErrorCode.NOT_ENROLLED, () -> enrol(unknown, 1, 1));
            clock.advanceSeconds(600);
            refused(ErrorCode.NOT_ENROLLED, () -> enrol(late, 1, 1));
            assertThat(kgc.providers()).isEmpty();
        }
    }

    @Test
    void an_enrolment_beyond_the_quota_leaves_the_token_unspent() {
        try (EnrolmentToken token = kgc.newToken("north")) {
            refused(ErrorCode.QUOTA_EXCEEDED, () -> enrol(token, 1, QUOTA));
            assertThat(enrol(token, 1, 1)).hasSize(2);
        }
    }

    @Test
    void the_quota_is_per_epoch() {
        List<Credential> credentials = enrolled("north");
        Credential signer = credentials.get(0);
        assertThat(refill(signer, QUOTA - credentials.size())).hasSize(QUOTA - credentials.size());
        refused(ErrorCode.QUOTA_EXCEEDED, () -> refill(signer, 1));
        clock.advanceSeconds(86_400 - 600);
        assertThat(refill(signer, 1)).hasSize(1);
    }

    @Test
    void one_providers_quota_is_not_anothers() {
        Credential north = enrolled("north").get(0);
        Credential south = enrolled("south").get(0);
        assertThat(refill(north, QUOTA - 2)).hasSize(QUOTA - 2);
        assertThat(refill(south, 1)).hasSize(1);
    }

    @Test
    void only_so_many_providers_enrol() {
        assertThat(enrolled("north")).isNotEmpty();
        assertThat(enrolled("south")).isNotEmpty();
        refused(ErrorCode.OVERLOADED, () -> enrolled("east"));
    }

    @Test
    void pseudonyms_trace_to_their_provider_and_to_nobody_else() {
        List<Credential> north = enrolled("north");
        List<Credential> south = enrolled("south");
        assertThat(kgc.trace(name(north.get(1)), "court order 7")).contains(new Provider(1, "north"));
        assertThat(kgc.trace(name(south.get(1)), "court order 7")).contains(new Provider(2, "south"));
        assertThat(kgc.trace(Pseudonym.parse("ab".repeat(16)), "a guess")).isEmpty();
        assertThatThrownBy(() -> kgc.trace(name(north.get(1)), " ")).hasMessageContaining("reason");
    }

    @Test
    void a_revoked_signer_gets_nothing_and_the_list_says_so() {
        Credential signer = enrolled("north").get(0);
        kgc.revoke(name(signer));
        refused(ErrorCode.REVOKED, () -> refill(signer, 1));
        assertThat(list().status(name(signer), now())).isEqualTo(Status.REVOKED);
    }

    @Test
    void a_revoked_provider_loses_everything_it_holds() {
        List<Credential> north = enrolled("north");
        Credential south = enrolled("south").get(0);
        assertThat(kgc.revokeProvider(1)).isEqualTo(north.size());
        RevocationList list = list();
        assertThat(north).allMatch(each -> list.contains(name(each)));
        refused(ErrorCode.REVOKED, () -> refill(north.get(0), 1));
        assertThat(refill(south, 1)).hasSize(1);
        assertThatThrownBy(() -> kgc.revokeProvider(9)).hasMessage("there is no provider 9");
    }

    @Test
    void a_revocation_leaves_the_list_when_the_certificate_has_expired() {
        kgc.revoke(name(enrolled("north").get(1)));
        assertThat(list().size()).isEqualTo(1);
        clock.advanceSeconds(options.maxValiditySeconds() + 1);
        announcements.refresh();
        assertThat(list().size()).isZero();
    }

    @Test
    void every_list_has_a_higher_number_and_ends_on_time() {
        announcements.refresh();
        RevocationList first = list();
        announcements.refresh();
        assertThat(list().number()).isGreaterThan(first.number());
        assertThat(first.status(Pseudonym.parse("ab".repeat(16)), now() + 60)).isEqualTo(Status.GOOD);
        assertThat(first.status(Pseudonym.parse("ab".repeat(16)), now() + 61)).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void announcements_stay_valid_for_days_on_end() {
        for (int hour = 0; hour < 72; hour++) {
            announcements.refresh();
            assertThat(list().number()).isEqualTo(hour + 1);
            assertThat(parameters().kgc()).isEqualTo(kgc.publicKey());
            clock.advanceSeconds(3_600);
        }
    }

    @Test
    void a_validity_that_is_not_granted_spends_nothing() {
        try (EnrolmentToken token = kgc.newToken("north")) {
            long start = now() - now() % 3_600;
            for (Validity bad : List.of(
                    new Validity(start + 1, start + 3_601),
                    new Validity(start, start + 3_600 * 25),
                    new Validity(start - 7_200, start - 3_600),
                    new Validity(start + 3_600, start + 7_200))) {
                refused(ErrorCode.INVALID_MESSAGE, () -> accept(IssuanceClient.enrol(order(bad, 1, 1), token, random)));
            }
            assertThat(enrol(token, 1, 1)).hasSize(2);
        }
    }

    @Test
    void a_request_from_another_time_is_refused() {
        try (EnrolmentToken token = kgc.newToken("north");
                IssuanceClient client = IssuanceClient.enrol(order(validity(), 1, 1), token, random)) {
            clock.advanceSeconds(301);
            refused(ErrorCode.INVALID_MESSAGE, () -> issuance.answer(client.message()));
            assertThat(kgc.providers()).isEmpty();
        }
    }

    @Test
    void a_refill_that_comes_twice_is_issued_once() {
        Credential signer = enrolled("north").get(0);
        try (IssuanceClient client = IssuanceClient.renew(order(validity(), 0, 1), signer, random)) {
            assertThat(client.accept(issuance.answer(client.message()).getBytes()))
                    .hasSize(1);
            refused(ErrorCode.INVALID_MESSAGE, () -> issuance.answer(client.message()));
        }
    }

    @Test
    void a_certificate_from_before_a_restart_refills_nothing() {
        Credential signer = enrolled("north").get(0);
        clock.advanceSeconds(1);
        KgcRegistry fresh = new KgcRegistry(options, keys.trace(), clock.instant());
        Issuance restarted = new Issuance(keys, fresh, announcements, clock, random);
        try (IssuanceClient client = IssuanceClient.renew(order(validity(), 0, 1), signer, random)) {
            refused(ErrorCode.NOT_ENROLLED, () -> restarted.answer(client.message()));
        }
    }

    @Test
    void garbage_is_refused() {
        refused(ErrorCode.INVALID_MESSAGE, () -> issuance.answer(new byte[0]));
        byte[] noise = new byte[2_048];
        random.nextBytes(noise);
        refused(ErrorCode.INVALID_MESSAGE, () -> issuance.answer(noise));
        refused(ErrorCode.INVALID_MESSAGE, () -> issuance.answer(new byte[1 << 20]));
    }

    @Test
    void bad_options_are_refused_by_name() {
        assertThatThrownBy(() -> new KgcOptions(3_600, 60, 1, 1, 1, 1, 60, 1_000, 1))
                .hasMessage("maxValiditySeconds must be from 3600 to 31622400: 60");
        assertThatThrownBy(() -> new KgcOptions(1, 60, 1, 1, 1, 1, 60, 60_000, 1))
                .hasMessage("resignMs must be from 10 to 30000: 60000");
    }

    @Test
    void a_token_is_kept_for_a_name_that_can_be_printed() {
        assertThatThrownBy(() -> kgc.addToken(Digest.sha256(), "a\nb")).hasMessageContaining("a provider's name");
    }

    private List<Credential> enrolled(String name) {
        try (EnrolmentToken token = kgc.newToken(name)) {
            return enrol(token, 1, 1);
        }
    }

    private List<Credential> enrol(EnrolmentToken token, int signing, int agreement) {
        return accept(IssuanceClient.enrol(order(validity(), signing, agreement), token, random));
    }

    private List<Credential> refill(Credential signer, int agreement) {
        return accept(IssuanceClient.renew(order(validity(), 0, agreement), signer, random));
    }

    private List<Credential> accept(IssuanceClient client) {
        try (client) {
            return client.accept(issuance.answer(client.message()).getBytes());
        }
    }

    private IssuanceClient.Order order(Validity validity, int signing, int agreement) {
        List<Line> lines = signing == 0
                ? List.of(new Line(Usage.KEY_AGREEMENT, agreement))
                : List.of(new Line(Usage.SIGNING, signing), new Line(Usage.KEY_AGREEMENT, agreement));
        return new IssuanceClient.Order(kgc.publicKey(), keys.hpke().publicKey(), lines, validity, now());
    }

    private Validity validity() {
        return announcements.parameters(now()).align(now(), 86_400);
    }

    private KgcParameters parameters() {
        return KgcParameters.verify(
                announcements.signedParameters().getBytes(), kgc.publicKey().fingerprint(), now());
    }

    private RevocationList list() {
        return RevocationList.verify(announcements.signedRevocations().getBytes(), kgc.publicKey(), now());
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static Pseudonym name(Credential credential) {
        return credential.certificate().pseudonym();
    }

    private static void refused(ErrorCode code, ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }
}
