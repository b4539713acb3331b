package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReceiptTest {

    private final Fixture fixture = new Fixture();
    private final Credential destination = fixture.credential(Usage.SIGNING, 1);
    private final Credential source = fixture.credential(Usage.SIGNING, 2);
    private final Receipt receipt = receipt(1000 * Fixture.NOW);

    private Receipt receipt(long finishedAt) {
        return new Receipt(
                fixture.id,
                fixture.destination.certificate().pseudonym(),
                fixture.source.certificate().pseudonym(),
                destination.certificate(),
                source.certificate(),
                Digest.sha256(new byte[] {1}),
                3,
                4_000_000_000L,
                Digest.sha256(new byte[] {2}),
                finishedAt - 5,
                finishedAt);
    }

    private SignedReceipt signed(Receipt subject) {
        Signature signature = SignedReceipt.sign(subject, destination, fixture.random);
        return SignedReceipt.countersign(subject, signature, source, fixture.random);
    }

    @Test
    void a_receipt_is_encoded_and_decoded_exactly() {
        assertThat(receipt.encoded()).hasSize(Receipt.LENGTH).hasSize(275);
        assertThat(Receipt.decode(receipt.encoded())).isEqualTo(receipt);
        SignedReceipt whole = signed(receipt);
        assertThat(whole.encoded()).hasSize(SignedReceipt.LENGTH).hasSize(405);
        assertThat(SignedReceipt.decode(whole.encoded())).isEqualTo(whole);
    }

    @Test
    void both_signatures_verify_and_no_byte_can_be_changed() {
        byte[] encoded = signed(receipt).encoded();
        assertThat(SignedReceipt.decode(encoded).verify(fixture.kgc)).isTrue();
        for (int i = 0; i < encoded.length; i += 11) {
            byte[] changed = encoded.clone();
            changed[i] ^= 1;
            assertThat(verifies(changed)).as("byte " + i).isFalse();
        }
    }

    private boolean verifies(byte[] encoded) {
        try {
            return SignedReceipt.decode(encoded).verify(fixture.kgc);
        } catch (MalformedException e) {
            return false;
        }
    }

    @Test
    void another_key_centre_verifies_nothing() {
        assertThat(signed(receipt).verify(MasterKey.generate(fixture.random).publicKey()))
                .isFalse();
    }

    @Test
    void a_signing_certificate_must_have_been_valid_at_the_end() {
        assertThat(signed(receipt(1000 * (Fixture.NOW + 101))).verify(fixture.kgc))
                .isFalse();
        assertThat(signed(receipt(1000 * (Fixture.NOW - 101))).verify(fixture.kgc))
                .isFalse();
    }

    @Test
    void the_source_does_not_countersign_a_wrong_signature() {
        Signature other = SignedReceipt.sign(receipt(1000 * Fixture.NOW + 1), destination, fixture.random);
        assertThatThrownBy(() -> SignedReceipt.countersign(receipt, other, source, fixture.random))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(RefusalReason.SIGNATURE));
    }

    @Test
    void only_the_credentials_the_receipt_contains_sign_it() {
        assertThatIllegalArgumentException().isThrownBy(() -> SignedReceipt.sign(receipt, source, fixture.random));
        Signature signature = SignedReceipt.sign(receipt, destination, fixture.random);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignedReceipt.countersign(receipt, signature, destination, fixture.random));
    }

    @Test
    void impossible_receipts_are_malformed() {
        byte[] encoded = receipt.encoded();
        byte[] sameSides = encoded.clone();
        System.arraycopy(encoded, 21, sameSides, 37, 16);
        byte[] sameSigner = encoded.clone();
        System.arraycopy(encoded, 53, sameSigner, 116, 63);
        byte[] negative = encoded.clone();
        negative[211] = (byte) 0x80;
        byte[] backwards = encoded.clone();
        backwards[267 + 2] = 0;
        byte[] notSigning = encoded.clone();
        notSigning[54] = 1;
        byte[] version = encoded.clone();
        version[4] = 2;
        byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
        for (byte[] wrong : new byte[][] {sameSides, sameSigner, negative, backwards, notSigning, version, longer}) {
            assertThatThrownBy(() -> Receipt.decode(wrong)).isInstanceOf(MalformedException.class);
        }
    }
}
