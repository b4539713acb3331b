package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VoucherTest {

    private static final byte[] PATH = "photos/ü.jpg".getBytes(StandardCharsets.UTF_8);
    private static final Instant MODIFIED = Instant.ofEpochSecond(1_700_000_000L, 5);
    private static final Digest DIGEST = Digest.sha256("content".getBytes(StandardCharsets.US_ASCII));

    private final MigrationId migration = MigrationId.parse("aa".repeat(16));

    /** Computed by another program from docs/scheme.md. */
    @Test
    void a_voucher_is_what_the_documentation_says() {
        assertThat(vouchers().issue(PATH, 7, MODIFIED, 0, DIGEST)).hasToString("a4324d75a04f78d2852309c21355cc1c");
    }

    @Test
    void a_voucher_is_good_for_the_very_same_only() {
        Vouchers mine = vouchers();
        Voucher voucher = mine.issue(PATH, 7, MODIFIED, 3, DIGEST);

        assertThat(mine.isMine(voucher, PATH, 7, MODIFIED, 3, DIGEST)).isTrue();
        assertThat(vouchers().isMine(voucher, PATH, 7, MODIFIED, 3, DIGEST)).isTrue();
        assertThat(mine.isMine(voucher, Arrays.copyOf(PATH, 5), 7, MODIFIED, 3, DIGEST))
                .as("another path")
                .isFalse();
        assertThat(mine.isMine(voucher, PATH, 8, MODIFIED, 3, DIGEST))
                .as("another size")
                .isFalse();
        assertThat(mine.isMine(voucher, PATH, 7, MODIFIED.plusNanos(1), 3, DIGEST))
                .as("another time")
                .isFalse();
        assertThat(mine.isMine(voucher, PATH, 7, MODIFIED, 4, DIGEST))
                .as("another segment")
                .isFalse();
        assertThat(mine.isMine(voucher, PATH, 7, MODIFIED, 3, Digest.sha256()))
                .as("another digest")
                .isFalse();
        assertThat(of((byte) 0, MigrationId.parse("ab".repeat(16))).isMine(voucher, PATH, 7, MODIFIED, 3, DIGEST))
                .as("another migration")
                .isFalse();
        assertThat(of((byte) 1, migration).isMine(voucher, PATH, 7, MODIFIED, 3, DIGEST))
                .as("another key")
                .isFalse();
    }

    @Test
    void a_voucher_that_binds_content_is_good_for_that_only() {
        Vouchers mine = vouchers();
        Voucher bound = mine.issue(PATH, 7, MODIFIED, 3, DIGEST, "e1");
        Voucher plain = mine.issue(PATH, 7, MODIFIED, 3, DIGEST);

        assertThat(mine.isMine(bound, PATH, 7, MODIFIED, 3, DIGEST, "e1")).isTrue();
        assertThat(mine.isMine(bound, PATH, 7, MODIFIED, 3, DIGEST, "e2")).isFalse();
        assertThat(mine.isMine(bound, PATH, 7, MODIFIED, 3, DIGEST)).isFalse();
        assertThat(mine.isMine(plain, PATH, 7, MODIFIED, 3, DIGEST, "e1")).isFalse();
        assertThat(mine.isMine(plain, PATH, 7, MODIFIED, 3, DIGEST, "")).isTrue();
    }

    @Test
    void issuing_goes_on_when_the_key_is_wiped_but_nobody_begins_with_it_any_more() {
        VoucherKey key = VoucherKey.of(new byte[32]);
        VoucherKey other = key.another();
        Vouchers vouchers = key.vouchers(migration);
        Voucher before = vouchers.issue(PATH, 7, MODIFIED, 0, DIGEST);
        key.close();

        assertThat(vouchers.issue(PATH, 7, MODIFIED, 0, DIGEST)).isEqualTo(before);
        assertThat(other.vouchers(migration).issue(PATH, 7, MODIFIED, 0, DIGEST))
                .isEqualTo(before);
        assertThatIllegalStateException().isThrownBy(() -> {
            Vouchers unused = key.vouchers(migration);
        });
    }

    private Vouchers vouchers() {
        return of((byte) 0, migration);
    }

    /** Under the key 0, 1, 2 to 31, or another. */
    private static Vouchers of(byte first, MigrationId migration) {
        byte[] bytes = new byte[VoucherKey.LENGTH];
        for (byte i = 0; i < bytes.length; i++) {
            bytes[i] = i;
        }
        bytes[0] = first;
        try (VoucherKey key = VoucherKey.of(bytes)) {
            return key.vouchers(migration);
        }
    }
}
