package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AnnouncementTest {

    private static final long NOW = Fixture.NOW;

    private final Fixture fixture = new Fixture();
    private final Credential announcer =
            fixture.credential(Usage.ANNOUNCEMENT, 0, new Validity(NOW - 1000, NOW + 1000));
    private final KgcParameters parameters = new KgcParameters(
            fixture.kgc, HpkeKeyPair.generate(fixture.random).publicKey(), 5, 3600, 86400, Fixture.VALIDITY);
    private final KgcPublicKey next = MasterKey.generate(fixture.random).publicKey();
    private final KgcParameters ending = new KgcParameters(
            fixture.kgc,
            parameters.hpke(),
            1,
            3600,
            86400,
            Fixture.VALIDITY,
            Optional.of(new KgcParameters.Successor(next, NOW + 600, NOW + 90_000)));
    private final Bulletin bulletin = new Bulletin(
            new Validity(NOW, NOW + 100),
            3,
            Digest.sha256(new byte[] {3}),
            9,
            Digest.sha256(new byte[] {9}),
            70,
            Digest.sha256(new byte[] {70}));
    private final List<Pseudonym> revoked = revoked();
    private final RevocationList list = RevocationList.of(9, Fixture.VALIDITY, revoked);

    private List<Pseudonym> revoked() {
        List<Pseudonym> names = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            names.add(fixture.trace.seal(i, 1));
        }
        return names;
    }

    private static void requireRefused(RefusalReason reason, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.reason())
                .isEqualTo(reason));
    }

    @Test
    void parameters_are_verified_by_fingerprint_or_by_key() {
        byte[] signed = parameters.sign(announcer, fixture.random);
        assertThat(KgcParameters.verify(signed, fixture.kgc.fingerprint(), NOW)).isEqualTo(parameters);
        assertThat(KgcParameters.verify(signed, fixture.kgc, NOW)).isEqualTo(parameters);
    }

    @Test
    void parameters_of_another_key_centre_are_refused() {
        MasterKey other = MasterKey.generate(fixture.random);
        byte[] signed = parameters.sign(announcer, fixture.random);
        requireRefused(RefusalReason.WRONG_KGC, () -> KgcParameters.verify(signed, other.publicKey(), NOW));
        Credential foreign = Issuer.announcer(other, fixture.trace.seal(0, 0), Fixture.VALIDITY, fixture.random);
        byte[] forged = parameters.sign(foreign, fixture.random);
        requireRefused(RefusalReason.WRONG_KGC, () -> KgcParameters.verify(forged, fixture.kgc, NOW));
    }

    @Test
    void announcements_outside_their_validity_are_refused() {
        byte[] signed = parameters.sign(announcer, fixture.random);
        byte[] signedList = list.sign(announcer, fixture.random);
        requireRefused(RefusalReason.EXPIRED, () -> KgcParameters.verify(signed, fixture.kgc, NOW + 101));
        requireRefused(RefusalReason.NOT_YET_VALID, () -> KgcParameters.verify(signed, fixture.kgc, NOW - 101));
        requireRefused(RefusalReason.EXPIRED, () -> RevocationList.verify(signedList, fixture.kgc, NOW + 101));
        requireRefused(RefusalReason.NOT_YET_VALID, () -> RevocationList.verify(signedList, fixture.kgc, NOW - 101));
        Credential old = fixture.credential(Usage.ANNOUNCEMENT, 0, new Validity(NOW - 1000, NOW - 1));
        byte[] late = list.sign(old, fixture.random);
        requireRefused(RefusalReason.EXPIRED, () -> RevocationList.verify(late, fixture.kgc, NOW));
    }

    @Test
    void an_announcement_signed_with_a_providers_certificate_is_refused() {
        Credential provider = fixture.credential(Usage.SIGNING, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> list.sign(provider, fixture.random));
        byte[] signed = list.sign(announcer, fixture.random);
        byte[] body = Announcement.body(signed);
        byte[] forged = Bytes.concat(
                body,
                provider.certificate().encoded(),
                provider.sign(body, fixture.random).bytes());
        requireRefused(RefusalReason.WRONG_USAGE, () -> RevocationList.verify(forged, fixture.kgc, NOW));
    }

    @Test
    void a_changed_announcement_is_refused() {
        byte[] signed = list.sign(announcer, fixture.random);
        signed[8] ^= 1;
        requireRefused(RefusalReason.SIGNATURE, () -> RevocationList.verify(signed, fixture.kgc, NOW));
        byte[] signedParameters = parameters.sign(announcer, fixture.random);
        signedParameters[4 + 1 + 33 + 65 + 7] ^= 2;
        requireRefused(RefusalReason.SIGNATURE, () -> KgcParameters.verify(signedParameters, fixture.kgc, NOW));
    }

    @Test
    void one_kind_of_announcement_never_passes_for_another() {
        byte[] signed = parameters.sign(announcer, fixture.random);
        assertThatThrownBy(() -> RevocationList.verify(signed, fixture.kgc, NOW))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("begins with something else");
    }

    @Test
    void a_list_says_who_is_revoked_and_when_it_does_not_know() {
        RevocationList decoded = RevocationList.verify(list.sign(announcer, fixture.random), fixture.kgc, NOW);
        assertThat(decoded.number()).isEqualTo(9);
        assertThat(decoded.size()).isEqualTo(100);
        assertThat(revoked).allMatch(decoded::contains);
        Pseudonym other = fixture.trace.seal(100, 1);
        assertThat(decoded.contains(other)).isFalse();
        assertThat(decoded.status(other, NOW)).isEqualTo(RevocationView.Status.GOOD);
        assertThat(decoded.status(other, NOW + 101)).isEqualTo(RevocationView.Status.UNKNOWN);
        assertThat(decoded.status(other, NOW - 101)).isEqualTo(RevocationView.Status.UNKNOWN);
        assertThat(decoded.status(revoked.get(3), NOW + 101)).isEqualTo(RevocationView.Status.REVOKED);
    }

    @Test
    void an_empty_list_revokes_nobody() {
        RevocationList empty = RevocationList.of(1, Fixture.VALIDITY, List.of());
        RevocationList decoded = RevocationList.verify(empty.sign(announcer, fixture.random), fixture.kgc, NOW);
        assertThat(decoded.size()).isZero();
        assertThat(decoded.contains(revoked.get(0))).isFalse();
    }

    @Test
    void a_list_out_of_order_with_repetitions_or_a_wrong_count_is_malformed() {
        byte[] body = Announcement.body(list.sign(announcer, fixture.random));
        byte[] swapped = body.clone();
        System.arraycopy(body, 25, swapped, 41, 16);
        System.arraycopy(body, 41, swapped, 25, 16);
        byte[] twice = body.clone();
        System.arraycopy(body, 25, twice, 41, 16);
        byte[] huge = body.clone();
        System.arraycopy(Bytes.u32(-1), 0, huge, 21, 4);
        byte[] fewer = body.clone();
        fewer[24]--;
        for (byte[] wrong : List.of(swapped, twice, huge, fewer, Arrays.copyOf(body, body.length - 1))) {
            assertThatThrownBy(() -> RevocationList.decode(wrong)).isInstanceOf(MalformedException.class);
        }
        assertThat(RevocationList.decode(body).size()).isEqualTo(100);
    }

    @Test
    void validity_is_asked_for_in_whole_steps() {
        Validity aligned = parameters.align(NOW, 7200);
        assertThat(aligned.notBefore() % 3600).isZero();
        assertThat(aligned.notBefore()).isLessThanOrEqualTo(NOW);
        assertThat(aligned.notAfter() - aligned.notBefore()).isEqualTo(7200);
        assertThat(parameters.allows(aligned)).isTrue();
        assertThat(parameters.allows(parameters.align(NOW, 1))).isTrue();
        assertThat(parameters.allows(parameters.align(NOW, 1_000_000))).isTrue();
        assertThat(parameters.allows(new Validity(aligned.notBefore(), aligned.notBefore() + 90000)))
                .isFalse();
        assertThat(parameters.allows(new Validity(aligned.notBefore() + 1, aligned.notAfter() + 1)))
                .isFalse();
        assertThat(parameters.allows(new Validity(aligned.notBefore(), aligned.notBefore())))
                .isFalse();
    }

    @Test
    void parameters_name_the_key_that_follows() {
        byte[] signed = ending.sign(announcer, fixture.random);
        KgcParameters verified = KgcParameters.verify(signed, fixture.kgc, NOW);
        assertThat(verified).isEqualTo(ending);
        assertThat(verified.successor().orElseThrow().kgc()).isEqualTo(next);
        assertThat(parameters.successor()).isEmpty();
    }

    @Test
    void a_successor_that_is_changed_is_refused_and_one_that_cannot_be_is_malformed() {
        byte[] signed = ending.sign(announcer, fixture.random);
        int flag = KgcParameters.LENGTH - 1;
        byte[] later = signed.clone();
        later[KgcParameters.LENGTH + KgcParameters.Successor.LENGTH - 1] ^= 1;
        requireRefused(RefusalReason.SIGNATURE, () -> KgcParameters.verify(later, fixture.kgc, NOW));
        byte[] two = signed.clone();
        two[flag] = 2;
        byte[] none = signed.clone();
        none[flag] = 0;
        byte[] same = signed.clone();
        System.arraycopy(fixture.kgc.encoded(), 0, same, flag + 1, Point.LENGTH);
        byte[] inverted = signed.clone();
        inverted[flag + 1 + Point.LENGTH] = -1;
        for (byte[] wrong : List.of(two, none, same, inverted)) {
            assertThatThrownBy(() -> KgcParameters.verify(wrong, fixture.kgc, NOW))
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void a_key_neither_follows_itself_nor_retires_before_the_next_is_active() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KgcParameters.Successor(next, NOW + 1, NOW))
                .withMessageContaining("notBefore <= notAfter");
        var itself = new KgcParameters.Successor(fixture.kgc, NOW, NOW + 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KgcParameters(
                        fixture.kgc, parameters.hpke(), 1, 3600, 86400, Fixture.VALIDITY, Optional.of(itself)))
                .withMessageContaining("its own successor");
    }

    @Test
    void a_bulletin_is_verified_and_thirty_seconds_of_skew_are_tolerated() {
        byte[] signed = bulletin.sign(announcer, fixture.random);
        assertThat(signed).hasSize(Bulletin.SIGNED_LENGTH);
        assertThat(Bulletin.verify(signed, fixture.kgc, NOW)).isEqualTo(bulletin);
        assertThat(Bulletin.verify(signed, fixture.kgc, NOW - 30)).isEqualTo(bulletin);
        assertThat(Bulletin.verify(signed, fixture.kgc, NOW + 100)).isEqualTo(bulletin);
        requireRefused(RefusalReason.NOT_YET_VALID, () -> Bulletin.verify(signed, fixture.kgc, NOW - 31));
        requireRefused(RefusalReason.EXPIRED, () -> Bulletin.verify(signed, fixture.kgc, NOW + 101));
    }

    @Test
    void a_bulletin_that_is_changed_or_of_another_key_or_signer_is_refused() {
        byte[] signed = bulletin.sign(announcer, fixture.random);
        byte[] changed = signed.clone();
        changed[20] ^= 1;
        requireRefused(RefusalReason.SIGNATURE, () -> Bulletin.verify(changed, fixture.kgc, NOW));
        requireRefused(RefusalReason.WRONG_KGC, () -> Bulletin.verify(signed, next, NOW));
        Credential provider = fixture.credential(Usage.SIGNING, 1);
        byte[] body = Announcement.body(signed);
        byte[] forged = Bytes.concat(
                body,
                provider.certificate().encoded(),
                provider.sign(body, fixture.random).bytes());
        requireRefused(RefusalReason.WRONG_USAGE, () -> Bulletin.verify(forged, fixture.kgc, NOW));
    }

    @Test
    void a_bulletin_of_another_length_or_kind_or_that_cannot_be_is_malformed() {
        byte[] signed = bulletin.sign(announcer, fixture.random);
        byte[] inverted = signed.clone();
        inverted[13] = 127; // the base beyond the number
        byte[] negative = signed.clone();
        negative[13] = -1;
        for (byte[] wrong : List.of(
                Arrays.copyOf(signed, signed.length - 1),
                Arrays.copyOf(signed, signed.length + 1),
                new byte[signed.length],
                inverted,
                negative)) {
            assertThatThrownBy(() -> Bulletin.verify(wrong, fixture.kgc, NOW)).isInstanceOf(MalformedException.class);
        }
        Digest some = Digest.sha256();
        for (int[] numbers : new int[][] {{0, 0}, {2, 2}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Bulletin(
                            Fixture.VALIDITY, numbers[0], some, numbers[1], RevocationChain.START, 0, some));
        }
    }
}
