package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateTest {

    private static final byte[] MESSAGE = {1, 2, 3};

    private final Fixture fixture = new Fixture();
    private final KeyRequest.Wanted wanted = new KeyRequest.Wanted(Usage.SIGNING, Fixture.VALIDITY);
    private final KeyRequest request = KeyRequest.random(fixture.random);

    private CertificateInfo info(Usage usage, KgcTag kgc, Validity validity) {
        return new CertificateInfo(usage, kgc, fixture.trace.seal(1, 1), validity.notBefore(), validity.notAfter());
    }

    private Issued issue(int index) {
        CertificateInfo info = info(Usage.SIGNING, fixture.kgc.tag(), Fixture.VALIDITY);
        return Issuer.issue(fixture.master, info, request.publicPart(), index, fixture.random);
    }

    private Optional<Credential> accept(int index, Issued issued) {
        return request.accept(fixture.kgc, index, wanted, issued);
    }

    @Test
    void every_index_of_a_batch_gives_another_working_key() {
        Set<Point> keys = new HashSet<>();
        for (int index : new int[] {0, 1, 2, KeyRequestPublic.MAX_BATCH - 1}) {
            Credential credential = accept(index, issue(index)).orElseThrow();
            Signature signature = credential.sign(MESSAGE, fixture.random);
            assertThat(SchemeVerifier.verify(fixture.kgc, credential.certificate(), MESSAGE, signature))
                    .isTrue();
            keys.add(credential.certificate().publicKey(fixture.kgc));
        }
        assertThat(keys).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, KeyRequestPublic.MAX_BATCH})
    void an_index_outside_a_batch_is_an_argument_error(int index) {
        assertThatIllegalArgumentException().isThrownBy(() -> issue(index));
    }

    @Test
    void an_answer_for_another_index_or_with_another_contribution_is_not_accepted() {
        Issued issued = issue(1);
        assertThat(accept(2, issued)).isEmpty();
        assertThat(accept(1, new Issued(issued.certificate(), issue(1).contribution())))
                .isEmpty();
    }

    @Test
    void an_answer_that_is_not_what_was_wanted_is_not_accepted() {
        Issued issued = issue(0);
        KgcPublicKey other = MasterKey.generate(fixture.random).publicKey();
        Validity longer = new Validity(Fixture.NOW, Fixture.NOW + 101);
        assertThat(request.accept(fixture.kgc, 0, new KeyRequest.Wanted(Usage.KEY_AGREEMENT, Fixture.VALIDITY), issued))
                .isEmpty();
        assertThat(request.accept(fixture.kgc, 0, new KeyRequest.Wanted(Usage.SIGNING, longer), issued))
                .isEmpty();
        assertThat(request.accept(other, 0, wanted, issued)).isEmpty();
    }

    @Test
    void a_contribution_that_makes_the_key_zero_is_not_accepted() {
        BigInteger x = P256.randomScalar(fixture.random);
        byte[] minusX = P256.encodeScalar(P256.N.subtract(x));
        var issued = new Issued(issue(0).certificate(), Issued.Contribution.of(minusX));
        assertThat(KeyRequest.combine(x, fixture.kgc, issued)).isEmpty();
    }

    @Test
    void a_single_point_is_certified_as_it_is() {
        BigInteger x = P256.randomScalar(fixture.random);
        byte[] point = Point.of(P256.multiplyBase(x)).encoded();
        CertificateInfo info = info(Usage.SIGNING, fixture.kgc.tag(), Fixture.VALIDITY);
        Issued issued = Issuer.issue(fixture.master, info, point, fixture.random);
        assertThat(KeyRequest.combine(x, fixture.kgc, issued)).isPresent();
    }

    @Test
    void an_info_of_another_key_centre_is_never_certified() {
        CertificateInfo info = info(Usage.SIGNING, KgcTag.of(new byte[4]), Fixture.VALIDITY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Issuer.issue(fixture.master, info, request.publicPart(), 0, fixture.random));
    }

    @Test
    void the_same_randomness_gives_different_nonces_for_different_certificates() {
        var first = info(Usage.SIGNING, fixture.kgc.tag(), Fixture.VALIDITY);
        var second = info(Usage.KEY_AGREEMENT, fixture.kgc.tag(), Fixture.VALIDITY);
        Issued a = Issuer.issue(fixture.master, first, request.publicPart(), 0, Seeded.random(5));
        Issued b = Issuer.issue(fixture.master, second, request.publicPart(), 0, Seeded.random(5));
        assertThat(Arrays.copyOfRange(a.certificate().encoded(), 30, 63))
                .isNotEqualTo(Arrays.copyOfRange(b.certificate().encoded(), 30, 63));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 2", "1, 0", "1, 4", "30, 4", "30, 0"})
    void an_unknown_version_usage_or_point_prefix_is_malformed(int at, int value) {
        byte[] encoded = fixture.source.certificate().encoded();
        encoded[at] = (byte) value;
        assertThatThrownBy(() -> Certificate.decode(encoded)).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 29, 30, 62, 64})
    void another_length_is_malformed(int length) {
        byte[] encoded = Arrays.copyOf(fixture.source.certificate().encoded(), length);
        assertThatThrownBy(() -> Certificate.decode(encoded)).isInstanceOf(MalformedException.class);
    }

    @Test
    void a_validity_that_ends_before_it_begins_is_malformed() {
        byte[] encoded = fixture.source.certificate().encoded();
        System.arraycopy(Bytes.u32((int) Fixture.VALIDITY.notAfter() + 1), 0, encoded, 22, 4);
        assertThatThrownBy(() -> Certificate.decode(encoded))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("ends before it begins");
    }

    @Test
    void points_that_are_not_on_the_curve_or_too_large_are_malformed() {
        byte[] tooLarge = new byte[Point.LENGTH];
        Arrays.fill(tooLarge, (byte) 0xff);
        tooLarge[0] = 2;
        assertThatThrownBy(() -> Point.decode(tooLarge)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> Point.decode(new byte[1])).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> Point.decode(new byte[Point.LENGTH])).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> KgcPublicKey.decode(tooLarge)).isInstanceOf(MalformedException.class);
        byte[] hybrid = fixture.source.certificate().publicKey(fixture.kgc).uncompressed();
        hybrid[0] = 6;
        assertThatThrownBy(() -> HpkePublicKey.decode(hybrid)).isInstanceOf(MalformedException.class);
    }

    @Test
    void a_certificate_for_key_agreement_neither_signs_nor_verifies() {
        assertThatIllegalArgumentException().isThrownBy(() -> fixture.source.sign(MESSAGE, fixture.random));
        Credential signer = accept(0, issue(0)).orElseThrow();
        Signature signature = signer.sign(MESSAGE, fixture.random);
        assertThat(SchemeVerifier.verify(fixture.kgc, fixture.source.certificate(), MESSAGE, signature))
                .isFalse();
        KgcPublicKey other = MasterKey.generate(fixture.random).publicKey();
        assertThat(SchemeVerifier.verify(other, signer.certificate(), MESSAGE, signature))
                .isFalse();
    }

    @Test
    void a_private_key_that_is_not_the_certificates_is_malformed() {
        byte[] key = fixture.destination.copyPrivateKey();
        assertThatThrownBy(() -> Credential.of(fixture.kgc, fixture.source.certificate(), key))
                .isInstanceOf(MalformedException.class);
        Credential same = Credential.of(fixture.kgc, fixture.destination.certificate(), key);
        assertThat(same.copyPrivateKey()).isEqualTo(key);
    }

    @Test
    void the_standard_check_gives_each_reason() {
        Certificate peer = fixture.source.certificate();
        long before = Fixture.VALIDITY.notBefore();
        long after = Fixture.VALIDITY.notAfter();
        assertThat(check(fixture.kgc, before, RevocationView.Status.GOOD).check(peer))
                .isEmpty();
        assertThat(check(fixture.kgc, after, RevocationView.Status.GOOD).check(peer))
                .isEmpty();
        assertThat(check(fixture.kgc, before - 1, RevocationView.Status.GOOD).check(peer))
                .contains(RefusalReason.NOT_YET_VALID);
        assertThat(check(fixture.kgc, after + 1, RevocationView.Status.GOOD).check(peer))
                .contains(RefusalReason.EXPIRED);
        assertThat(check(fixture.kgc, before, RevocationView.Status.REVOKED).check(peer))
                .contains(RefusalReason.REVOKED);
        assertThat(check(fixture.kgc, before, RevocationView.Status.UNKNOWN).check(peer))
                .contains(RefusalReason.REVOCATION_UNKNOWN);
        assertThat(check(MasterKey.generate(fixture.random).publicKey(), before, RevocationView.Status.GOOD)
                        .check(peer))
                .contains(RefusalReason.WRONG_KGC);
        assertThat(check(fixture.kgc, before, RevocationView.Status.GOOD).check(issue(0).certificate()))
                .contains(RefusalReason.WRONG_USAGE);
    }

    private static PeerCheck check(KgcPublicKey kgc, long now, RevocationView.Status status) {
        return PeerCheck.standard(kgc, now, (pseudonym, at) -> status);
    }

    @Test
    void values_are_compared_by_content_and_never_share_their_bytes() {
        byte[] sixteen = Bytes.random(fixture.random, 16);
        Pseudonym pseudonym = Pseudonym.of(sixteen);
        assertThat(pseudonym).isEqualTo(Pseudonym.parse(pseudonym.hex())).hasSameHashCodeAs(Pseudonym.of(sixteen));
        assertThat((Object) pseudonym).isNotEqualTo(MigrationId.of(sixteen));
        sixteen[0] ^= 1;
        assertThat(pseudonym).isNotEqualTo(Pseudonym.of(sixteen)).hasToString(pseudonym.hex());
        pseudonym.bytes()[0] ^= 1;
        assertThat(pseudonym).isEqualTo(Pseudonym.parse(pseudonym.hex()));
        assertThatIllegalArgumentException().isThrownBy(() -> Pseudonym.of(new byte[15]));
        assertThatThrownBy(() -> MigrationId.parse("zz".repeat(16))).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> MigrationId.parse("00")).isInstanceOf(MalformedException.class);
    }
}
