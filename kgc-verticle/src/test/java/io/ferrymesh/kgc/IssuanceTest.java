package io.ferrymesh.kgc;

import static io.ferrymesh.kgc.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.operator.ProviderInfo;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.kgc.registry.ProviderTable;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.Validity;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One node and its database, under a manual clock: what is issued, and everything that is refused. */
@OnEachDatabase
class IssuanceTest {

    private static final int QUOTA = TestCentre.QUOTA;

    private final TestCentre centre;

    IssuanceTest(TestDatabase databases) {
        this.centre = new TestCentre(databases.fresh(Kgc.MIGRATIONS));
    }

    @AfterEach
    void close() {
        centre.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE enrolment_token SET provider = 2",
                "UPDATE enrolment_token SET expires_at = expires_at + 1",
                "UPDATE enrolment_token SET mac = token_sha256"
            })
    void a_token_that_somebody_wrote_into_the_database_enrols_nobody(String sql) {
        long north = centre.provider("north").number();
        assertThat(centre.provider("south").number()).isEqualTo(2);
        try (EnrolmentToken token = centre.token(north)) {
            int changed = centre.node.database().transaction(handle -> handle.execute(sql));
            assertThat(changed).isEqualTo(1);
            refused(ErrorCode.NOT_ENROLLED, () -> centre.enrol(token, 1, 1));
        }
        assertThat(centre.info(2).unexpired()).isZero();
    }

    @Test
    void a_token_enrols_once() {
        ProviderInfo north = centre.provider("north");
        try (EnrolmentToken token = centre.token(north.number())) {
            List<Credential> credentials = centre.enrol(token, 1, 3);
            assertThat(credentials).hasSize(4);
            refused(ErrorCode.NOT_ENROLLED, () -> centre.enrol(token, 1, 3));
            assertThat(centre.info(1)).satisfies(info -> {
                assertThat(info.usedInEpoch()).isEqualTo(4);
                assertThat(info.unexpired()).isEqualTo(4);
            });
        }
    }

    @Test
    void an_unknown_token_and_an_expired_one_are_refused() {
        try (EnrolmentToken unknown = EnrolmentToken.random(centre.random);
                EnrolmentToken late = centre.token(centre.provider("late").number())) {
            refused(ErrorCode.NOT_ENROLLED, () -> centre.enrol(unknown, 1, 1));
            centre.clock.advanceSeconds(600);
            refused(ErrorCode.NOT_ENROLLED, () -> centre.enrol(late, 1, 1));
        }
    }

    @Test
    void an_enrolment_beyond_the_quota_leaves_the_token_unspent() {
        try (EnrolmentToken token = centre.token(centre.provider("north").number())) {
            refused(ErrorCode.QUOTA_EXCEEDED, () -> centre.enrol(token, 1, QUOTA));
            assertThat(centre.enrol(token, 1, 1)).hasSize(2);
        }
    }

    @Test
    void a_provider_that_lost_everything_enrols_again_within_its_quota() {
        Credential first = centre.enrolled("north").get(0);
        try (EnrolmentToken again = centre.token(1)) {
            assertThat(centre.enrol(again, 1, QUOTA - 3)).hasSize(QUOTA - 2);
            refused(ErrorCode.QUOTA_EXCEEDED, () -> centre.refill(first, 1));
        }
    }

    @Test
    void the_quota_is_per_epoch() {
        Credential signer = centre.enrolled("north").get(0);
        assertThat(centre.refill(signer, QUOTA - 2)).hasSize(QUOTA - 2);
        refused(ErrorCode.QUOTA_EXCEEDED, () -> centre.refill(signer, 1));
        centre.clock.advanceSeconds(86_400 - 601);
        refused(ErrorCode.QUOTA_EXCEEDED, () -> centre.refill(signer, 1));
        centre.clock.advanceSeconds(1);
        assertThat(centre.refill(signer, 1)).hasSize(1);
        assertThat(centre.info(1).usedInEpoch()).isEqualTo(1);
    }

    @Test
    void a_clock_that_goes_back_brings_no_quota_back() {
        Credential signer = centre.enrolled("north").get(0);
        centre.clock.advanceSeconds(86_400 - 600);
        assertThat(centre.refill(signer, QUOTA)).hasSize(QUOTA);
        centre.clock.advanceSeconds(-1);
        refused(ErrorCode.QUOTA_EXCEEDED, () -> centre.refill(signer, 1));
        centre.clock.advanceSeconds(1);
        refused(ErrorCode.QUOTA_EXCEEDED, () -> centre.refill(signer, 1));
    }

    /** What the transaction makes sure of by itself, whatever was seen before it. */
    @Test
    void charging_takes_the_quota_of_the_latest_epoch_and_never_more() {
        long number = centre.provider("north").number();
        assertThat(charge(number, 6, 2_000)).isTrue();
        assertThat(charge(number, 5, 2_000)).isFalse();
        assertThat(charge(number, 5, 1_000)).as("a clock that is behind").isFalse();
        assertThat(charge(number, 4, 1_000)).isTrue();
        assertThat(charge(number, 1, 2_000)).isFalse();
        assertThat(charge(number, QUOTA, 3_000)).isTrue();
        assertThat(charge(number + 1, 1, 3_000)).isFalse();
    }

    private boolean charge(long provider, int count, long epochStart) {
        return centre.node
                .database()
                .transaction(handle -> ProviderTable.charge(handle, provider, count, epochStart, QUOTA));
    }

    @Test
    void a_quota_of_its_own_goes_before_the_default() {
        Credential north = centre.enrolled("north").get(0);
        Credential south = centre.enrolled("south").get(0);
        assertThat(centre.as(Role.ENROLMENT).setQuota(1, OptionalInt.of(3)).quotaInForce())
                .isEqualTo(3);
        refused(ErrorCode.QUOTA_EXCEEDED, () -> centre.refill(north, 2));
        assertThat(centre.refill(north, 1)).hasSize(1);
        assertThat(centre.refill(south, QUOTA - 2)).hasSize(QUOTA - 2);
        assertThat(centre.as(Role.ENROLMENT).setQuota(1, OptionalInt.of(0)).quotaInForce())
                .isZero();
        centre.clock.advanceSeconds(86_399 - 600);
        refused(ErrorCode.QUOTA_EXCEEDED, () -> centre.refill(north, 1));
    }

    @Test
    void a_validity_that_is_not_granted_spends_nothing() {
        long start = centre.now() - centre.now() % 3_600;
        try (EnrolmentToken token = centre.token(centre.provider("north").number())) {
            for (Validity bad : List.of(
                    new Validity(start + 1, start + 3_601),
                    new Validity(start, start + 3_600 * 25),
                    new Validity(start - 7_200, start - 3_600),
                    new Validity(start + 3_600, start + 7_200))) {
                IssuanceClient client =
                        IssuanceClient.enrol(centre.order(centre.epoch(), bad, 1, 1), token, centre.random);
                refused(ErrorCode.INVALID_MESSAGE, () -> centre.accept(client));
            }
            assertThat(centre.enrol(token, 1, 1)).hasSize(2);
        }
    }

    @Test
    void a_request_from_another_time_is_refused() {
        try (EnrolmentToken token = centre.token(centre.provider("north").number());
                IssuanceClient client = IssuanceClient.enrol(centre.order(1, 1), token, centre.random)) {
            centre.clock.advanceSeconds(301);
            refused(ErrorCode.INVALID_MESSAGE, () -> centre.answer(client.message()));
            assertThat(centre.info(1).unexpired()).isZero();
        }
    }

    @Test
    void a_request_that_comes_twice_is_answered_alike_and_issued_once() {
        Credential signer = centre.enrolled("north").get(0);
        try (IssuanceClient client = IssuanceClient.renew(centre.order(0, 1), signer, centre.random)) {
            byte[] first = centre.answer(client.message());
            centre.clock.advanceSeconds(600);
            assertThat(centre.answer(client.message())).isEqualTo(first);
            assertThat(client.accept(first)).hasSize(1);
            assertThat(centre.info(1).unexpired()).isEqualTo(3);
        }
    }

    @Test
    void a_reply_is_forgotten_when_its_request_cannot_come_again() {
        Credential signer = centre.enrolled("north").get(0);
        try (IssuanceClient client = IssuanceClient.renew(centre.order(0, 1), signer, centre.random)) {
            byte[] first = centre.answer(client.message());
            centre.clock.advanceSeconds(Issuance.KEPT_SECONDS);
            centre.kgc.issuance().forgetOld();
            assertThat(centre.answer(client.message())).isEqualTo(first);
            centre.clock.advanceSeconds(1);
            centre.kgc.issuance().forgetOld();
            refused(ErrorCode.INVALID_MESSAGE, () -> centre.answer(client.message()));
        }
    }

    @Test
    void a_revoked_signer_gets_nothing() {
        Credential signer = centre.enrolled("north").get(0);
        assertThat(centre.as(Role.REVOCATION)
                        .revokePseudonym(signer.certificate().pseudonym(), TestCentre.REASON))
                .isNotNull();
        refused(ErrorCode.REVOKED, () -> centre.refill(signer, 1));
    }

    @Test
    void a_revoked_provider_gets_nothing_by_certificate_or_token() {
        Credential signer = centre.enrolled("north").get(0);
        try (EnrolmentToken token = centre.token(1)) {
            assertThat(centre.as(Role.REVOCATION)
                            .revokeProvider(1, TestCentre.REASON)
                            .revoked())
                    .isEqualTo(2);
            refused(ErrorCode.REVOKED, () -> centre.refill(signer, 1));
            refused(ErrorCode.REVOKED, () -> centre.enrol(token, 1, 1));
        }
    }

    @Test
    void a_certificate_for_key_agreement_signs_no_request() {
        Credential agreement = centre.enrolled("north").get(1);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> centre.refill(agreement, 1)))
                .isNotNull();
        assertThat(centre.info(1).unexpired()).isEqualTo(2);
    }

    @Test
    void a_request_taken_from_anothers_pool_counts_as_its_owners() {
        Credential stolen = centre.enrolled("north").get(0);
        Credential own = centre.enrolled("south").get(0);
        assertThat(centre.refill(stolen, QUOTA - 2)).hasSize(QUOTA - 2);
        refused(ErrorCode.QUOTA_EXCEEDED, () -> centre.refill(stolen, 1));
        assertThat(centre.refill(own, QUOTA - 2)).hasSize(QUOTA - 2);
    }

    @Test
    void too_many_requests_of_one_provider_are_refused_and_others_are_not() {
        KgcOptions few = TestCentre.options().with("ratePerProvider", 1).with("burstPerProvider", 2);
        Credential north = centre.enrolled("north").get(0);
        Credential south = centre.enrolled("south").get(0);
        try (TestCentre.Node limited = centre.node(centre.keyring, few)) {
            Kgc kgc = limited.kgc();
            assertThat(answers(kgc, north)).isTrue();
            assertThat(answers(kgc, north)).isTrue();
            refused(ErrorCode.RATE_LIMITED, () -> answers(kgc, north));
            assertThat(answers(kgc, south)).isTrue();
            centre.clock.advanceSeconds(1);
            assertThat(answers(kgc, north)).isTrue();
            refused(ErrorCode.RATE_LIMITED, () -> answers(kgc, north));
        }
    }

    @Test
    void bad_tokens_do_not_use_up_the_rate_of_enrolments() {
        KgcOptions few = TestCentre.options().with("enrolmentsPerSecond", 1);
        try (TestCentre.Node limited = centre.node(centre.keyring, few)) {
            for (int i = 0; i < 10; i++) {
                try (EnrolmentToken bad = EnrolmentToken.random(centre.random);
                        IssuanceClient client = IssuanceClient.enrol(centre.order(1, 0), bad, centre.random)) {
                    refused(
                            ErrorCode.NOT_ENROLLED,
                            () -> limited.kgc().issuance().answer(client.message()));
                }
            }
            assertThat(enrols(limited.kgc(), "a")).isTrue();
            assertThat(enrols(limited.kgc(), "b")).isTrue();
            refused(ErrorCode.RATE_LIMITED, () -> enrols(limited.kgc(), "c"));
        }
    }

    @Test
    void garbage_is_refused() {
        refused(ErrorCode.INVALID_MESSAGE, () -> centre.answer(new byte[0]));
        byte[] noise = new byte[2_048];
        centre.random.nextBytes(noise);
        noise[0] = (byte) 0xff; // no version of a request: one in 256 would otherwise be read further
        refused(ErrorCode.INVALID_MESSAGE, () -> centre.answer(noise));
        refused(ErrorCode.INVALID_MESSAGE, () -> centre.answer(new byte[1 << 20]));
    }

    @Test
    void any_changed_byte_of_a_request_is_refused() {
        Credential signer = centre.enrolled("north").get(0);
        try (IssuanceClient client = IssuanceClient.renew(centre.order(0, 1), signer, centre.random)) {
            for (int at = 0; at < client.message().length; at += 7) {
                byte[] changed = client.message().clone();
                changed[at] ^= 1;
                assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> centre.answer(changed)))
                        .as("byte %d", at)
                        .isInstanceOf(io.ferrymesh.mesh.MeshException.class);
            }
        }
        assertThat(centre.info(1).unexpired()).isEqualTo(2);
    }

    @Test
    void requests_are_counted_by_outcome() {
        Credential signer = centre.enrolled("north").get(0);
        try (IssuanceClient client = IssuanceClient.renew(centre.order(0, 1), signer, centre.random)) {
            assertThat(centre.answer(client.message())).isEqualTo(centre.answer(client.message()));
        }
        refused(ErrorCode.QUOTA_EXCEEDED, () -> centre.refill(signer, QUOTA));
        assertThat(count("issued")).isEqualTo(2);
        assertThat(count("replayed")).isEqualTo(1);
        assertThat(count("QUOTA_EXCEEDED")).isEqualTo(1);
        assertThat(centre.node.meters().counter("ferrymesh.kgc.certificates").count())
                .isEqualTo(3);
    }

    private double count(String outcome) {
        return centre.node
                .meters()
                .counter("ferrymesh.kgc.requests", "outcome", outcome)
                .count();
    }

    private boolean answers(Kgc kgc, Credential signer) {
        try (IssuanceClient client = IssuanceClient.renew(centre.order(0, 1), signer, centre.random)) {
            return kgc.issuance().answer(client.message()).length > 0;
        }
    }

    private boolean enrols(Kgc kgc, String name) {
        try (EnrolmentToken token = centre.token(centre.provider(name).number());
                IssuanceClient client = IssuanceClient.enrol(centre.order(1, 0), token, centre.random)) {
            return kgc.issuance().answer(client.message()).length > 0;
        }
    }
}
