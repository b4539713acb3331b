package io.ferrymesh.kgc.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.scheme.Digest;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KgcKeyringTest {

    private static final byte[] CERTIFICATE = new byte[63];

    private final SecureRandom random = new SecureRandom();
    private final KgcKeyring keyring = KgcKeyring.generate(random);
    private final KgcKeyring other = KgcKeyring.generate(random);

    @AfterEach
    void close() {
        keyring.close();
        other.close();
    }

    @Test
    void a_sealed_epoch_opens_as_itself_with_its_times_and_nowhere_else() {
        try (EpochKeys epoch = EpochKeys.generate(2, random)) {
            EpochTimes times = new EpochTimes(2, 100, 200);
            byte[] sealed = keyring.sealEpoch(epoch, times, random);
            assertThat(keyring.openEpoch(times, sealed)).hasValueSatisfying(opened -> {
                assertThat(opened.publicKey()).isEqualTo(epoch.publicKey());
                assertThat(opened.hpke().publicKey()).isEqualTo(epoch.hpke().publicKey());
            });
            assertThat(keyring.openEpoch(new EpochTimes(3, 100, 200), sealed)).isEmpty();
            assertThat(keyring.openEpoch(new EpochTimes(2, 101, 200), sealed)).isEmpty();
            assertThat(keyring.openEpoch(new EpochTimes(2, 100, 201), sealed)).isEmpty();
            assertThat(other.openEpoch(times, sealed)).isEmpty();
            for (int at = 0; at < sealed.length; at++) {
                byte[] changed = sealed.clone();
                changed[at] ^= 1;
                assertThat(keyring.openEpoch(times, changed)).as("byte %d", at).isEmpty();
            }
            assertThat(keyring.openEpoch(times, new byte[0])).isEmpty();
        }
    }

    @Test
    void an_epoch_is_added_once() {
        keyring.add(EpochKeys.generate(2, random));
        assertThat(keyring.epochs()).extracting(EpochKeys::number).containsExactly(1, 2);
        assertThatThrownBy(() -> keyring.add(EpochKeys.generate(2, random))).hasMessageContaining("epoch 2");
    }

    @Test
    void a_commitment_is_to_one_serial_and_one_certificate_under_one_key() {
        Digest commitment = keyring.commitment(7, CERTIFICATE);
        assertThat(commitment).isEqualTo(Digest.sha256(keyring.salt(7), CERTIFICATE));
        assertThat(keyring.commitment(8, CERTIFICATE)).isNotEqualTo(commitment);
        assertThat(other.commitment(7, CERTIFICATE)).isNotEqualTo(commitment);
        assertThat(keyring.salt(7)).hasSize(16);
    }

    @Test
    void a_holder_has_another_name_in_every_entry() {
        assertThat(keyring.holder(1, 5)).hasSize(32).isEqualTo(keyring.holder(1, 5));
        assertThat(keyring.holder(2, 5)).isNotEqualTo(keyring.holder(1, 5));
        assertThat(keyring.holder(1, 6)).isNotEqualTo(keyring.holder(1, 5));
        assertThat(other.holder(1, 5)).isNotEqualTo(keyring.holder(1, 5));
    }

    @Test
    void an_operators_row_is_vouched_for_as_it_is() {
        Digest token = Digest.sha256(CERTIFICATE);
        String mac = keyring.operatorMac("ann", "TRACE", token, 1, 9);
        assertThat(keyring.vouches(mac, "ann", "TRACE", token, 1, 9)).isTrue();
        assertThat(keyring.vouches(mac, "bob", "TRACE", token, 1, 9)).isFalse();
        assertThat(keyring.vouches(mac, "ann", "ADMIN", token, 1, 9)).isFalse();
        assertThat(keyring.vouches(mac, "annT", "RACE", token, 1, 9)).isFalse();
        assertThat(keyring.vouches(mac, "ann", "TRACE", Digest.sha256(), 1, 9)).isFalse();
        assertThat(keyring.vouches(mac, "ann", "TRACE", token, 2, 9)).isFalse();
        assertThat(keyring.vouches(mac, "ann", "TRACE", token, 1, 10)).isFalse();
        assertThat(other.vouches(mac, "ann", "TRACE", token, 1, 9)).isFalse();
    }

    @Test
    void a_tokens_row_is_vouched_for_as_it_is() {
        Digest token = Digest.sha256(CERTIFICATE);
        String mac = keyring.tokenMac(token, 1, 2);
        assertThat(keyring.vouches(mac, token, 1, 2)).isTrue();
        assertThat(keyring.vouches(mac, Digest.sha256(), 1, 2)).isFalse();
        assertThat(keyring.vouches(mac, token, 2, 2)).isFalse();
        assertThat(keyring.vouches(mac, token, 1, 3)).isFalse();
        assertThat(other.vouches(mac, token, 1, 2)).isFalse();
        assertThat(keyring.vouches("", token, 1, 2)).isFalse();
    }

    @Test
    void nothing_secret_is_printed() {
        assertThat(keyring.toString()).isEqualTo("KgcKeyring[1]");
        assertThat(keyring.epochs().toString()).isEqualTo("[EpochKeys[1, ***]]");
    }
}
