package io.ferrymesh.provider.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.VoucherKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SealingKeyTest {

    private static final byte[] DRAWN = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

    private static final byte[] PLAIN = "a pre-shared key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HERE = {1, 2, 3};

    private final ProviderSecrets secrets = ProviderSecrets.generate(new SecureRandom());
    private final SealingKey key = secrets.sealing("GRANT PSKS");

    @Test
    void a_grant_has_a_key_for_vouchers_of_its_own_at_each_provider() {
        SecureRandom random = new SecureRandom();
        MigrationId grant = MigrationId.random(random);
        try (ProviderSecrets mine = ProviderSecrets.generate(random);
                ProviderSecrets others = ProviderSecrets.generate(random)) {
            byte[] key = copied(mine.vouchers(grant, DRAWN));

            assertThat(copied(mine.vouchers(grant, DRAWN))).isEqualTo(key);
            assertThat(copied(mine.vouchers(MigrationId.random(random), DRAWN))).isNotEqualTo(key);
            assertThat(copied(others.vouchers(grant, DRAWN))).isNotEqualTo(key);
            assertThat(copied(mine.vouchers(grant, new byte[16]))).isNotEqualTo(key);
        }
    }

    private static byte[] copied(VoucherKey key) {
        try (key) {
            return key.copy();
        }
    }

    @Test
    void what_was_sealed_opens_and_is_not_there_to_be_read() {
        byte[] sealed = key.seal(PLAIN, HERE);
        assertThat(sealed).hasSize(PLAIN.length + SealingKey.OVERHEAD);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("pre-shared");
        assertThat(key.open(sealed, HERE)).isEqualTo(PLAIN);
        assertThat(key.open(key.seal(new byte[0], new byte[0]), new byte[0])).isEmpty();
    }

    @Test
    void the_same_is_never_sealed_alike() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            assertThat(seen.add(HexFormat.of().formatHex(key.seal(PLAIN, HERE))))
                    .isTrue();
        }
    }

    @Test
    void any_changed_bit_any_cut_and_another_place_is_noticed() {
        byte[] sealed = key.seal(PLAIN, HERE);
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            refused(key, changed, HERE);
        }
        for (int length = 0; length < sealed.length; length++) {
            refused(key, Arrays.copyOf(sealed, length), HERE);
        }
        refused(key, Arrays.copyOf(sealed, sealed.length + 1), HERE);
        refused(key, sealed, new byte[] {1, 2, 4});
        refused(key, sealed, new byte[0]);
    }

    @Test
    void another_purpose_or_another_provider_does_not_open_it() {
        byte[] sealed = key.seal(PLAIN, HERE);
        refused(secrets.sealing("CREDENTIALS"), sealed, HERE);
        refused(ProviderSecrets.generate(new SecureRandom()).sealing("GRANT PSKS"), sealed, HERE);
    }

    @Test
    void a_refusal_repeats_nothing_of_what_it_refuses() {
        assertThatThrownBy(() -> key.open(PLAIN, HERE))
                .hasMessageContaining("GRANT PSKS")
                .hasMessageNotContaining("pre-shared");
    }

    @Test
    void closed_with_its_secrets_it_neither_seals_nor_opens() {
        byte[] sealed = key.seal(PLAIN, HERE);
        secrets.close();
        assertThatThrownBy(() -> key.seal(PLAIN, HERE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> key.open(sealed, HERE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> secrets.sealing("CURSORS")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(secrets::pepper).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(secrets::id).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nothing_prints_a_secret() {
        assertThat(secrets.toString()).isEqualTo("***");
        assertThat(key.toString()).isEqualTo("SealingKey[GRANT PSKS, ***]");
        assertThat(secrets.signingKeys(0).get(0).toString()).isEqualTo("SigningKey[1, active from 0, ***]");
    }

    private static void refused(SealingKey key, byte[] sealed, byte[] associated) {
        assertThatThrownBy(() -> key.open(sealed, associated)).isInstanceOf(NotSealedHereException.class);
    }
}
