package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.VoucherKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/** Keys of grants and migrations, sealed for one row of one account. Any thread. */
final class Psks {

    /** Which table the row is in. */
    enum Of {
        GRANT((byte) 1),
        MIGRATION((byte) 2);

        private final byte code;

        Of(byte code) {
            this.code = code;
        }
    }

    private static final int DRAWN_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final PskSeal seal;

    Psks(PskSeal seal) {
        this.seal = seal;
    }

    byte[] sealed(Psk psk, Of of, AccountId account, MigrationId id) {
        byte[] bytes = psk.copy();
        try {
            return seal.seal(bytes, row(of, account, id));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** The caller closes it. */
    Psk open(byte[] sealed, Of of, AccountId account, MigrationId id) {
        byte[] bytes = seal.open(sealed, row(of, account, id));
        try {
            return Psk.of(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** What a new grant's vouchers are bound to. */
    static byte[] drawn() {
        byte[] drawn = new byte[DRAWN_BYTES];
        RANDOM.nextBytes(drawn);
        return drawn;
    }

    /** What a grant's vouchers are made with, by whichever process offers it. The caller closes it. */
    VoucherKey vouchers(MigrationId id, byte[] drawn) {
        return seal.vouchers(id, drawn);
    }

    /** Over everything that was asked for, to tell a repetition from a contradiction also when the key is gone. */
    static byte[] content(MigrationId id, Psk psk, String prefix, long expiresInSeconds) {
        byte[] bytes = psk.copy();
        try {
            return Digest.sha256(
                            "ferrymesh asked for".getBytes(StandardCharsets.US_ASCII),
                            id.bytes(),
                            bytes,
                            ByteBuffer.allocate(8).putLong(expiresInSeconds).array(),
                            prefix.getBytes(StandardCharsets.UTF_8))
                    .bytes();
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static byte[] row(Of of, AccountId account, MigrationId id) {
        return ByteBuffer.allocate(1 + 8 + MigrationId.LENGTH)
                .put(of.code)
                .putLong(account.value())
                .put(id.bytes())
                .array();
    }
}
