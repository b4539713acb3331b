package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        requireRefused(RefusalReason.EXPIRED, () -> KgcParameters.verify(signed, fixture.kgc, NOW + 101));
        requireRefused(RefusalReason.NOT_YET_VALID, () -> KgcParameters.verify(signed, fixture.kgc, NOW - 101));
        Credential old = fixture.credential(Usage.ANNOUNCEMENT, 0, new Validity(NOW - 1000, NOW - 1));
        byte[] late = bulletin.sign(old, fixture.random);
        requireRefused(RefusalReason.EXPIRED, () -> Bulletin.verify(late, fixture.kgc, NOW));
    }

    @Test
    void an_announcement_signed_with_a_providers_certificate_is_refused() {
        Credential provider = fixture.credential(Usage.SIGNING, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> bulletin.sign(provider, fixture.random));
        byte[] signed = bulletin.sign(announcer, fixture.random);
        byte[] body = Announcement.body(signed);
        byte[] forged = Bytes.concat(
                body,
                provider.certificate().encoded(),
                provider.sign(body, fixture.random).bytes());
        requireRefused(RefusalReason.WRONG_USAGE, () -> Bulletin.verify(forged, fixture.kgc, NOW));
    }

    @Test
    void a_changed_announcement_is_refused() {
        byte[] signed = bulletin.sign(announcer, fixture.random);
        signed[8] ^= 1;
        requireRefused(RefusalReason.SIGNATURE, () -> Bulletin.verify(signed, fixture.kgc, NOW));
        byte[] signedParameters = parameters.sign(announcer, fixture.random);
        signedParameters[4 + 1 + 33 + 65 + 7] ^= 2;
        requireRefused(RefusalReason.SIGNATURE, () -> KgcParameters.verify(signedParameters, fixture.kgc, NOW));
    }

    @Test
    void one_kind_of_announcement_never_passes_for_another() {
        byte[] signed = parameters.sign(announcer, fixture.random);
        assertThatThrownBy(() -> Bulletin.verify(signed, fixture.kgc, NOW))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("bytes");
        byte[] body = new byte[Bulletin.SIGNED_LENGTH - Announcement.TRAILER];
        System.arraycopy(signed, 0, body, 0, body.length);
        assertThatThrownBy(() -> Bulletin.decode(body))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("begins with something else");
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
    void a_bulletin_that_is_changed_or_of_another_key_is_refused() {
        byte[] signed = bulletin.sign(announcer, fixture.random);
        byte[] changed = signed.clone();
        changed[20] ^= 1;
        requireRefused(RefusalReason.SIGNATURE, () -> Bulletin.verify(changed, fixture.kgc, NOW));
        requireRefused(RefusalReason.WRONG_KGC, () -> Bulletin.verify(signed, next, NOW));
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
