package io.ferrymesh.kgc.keys;

import io.ferrymesh.scheme.HpkeKeyPair;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.SchemeException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * An epoch's secrets as they lie in the database, for the other nodes: {@code u8 1 ‖ nonce 12 ‖ AES-256-GCM(master ‖ hpke)} with
 * {@code u64 number ‖ u64 activeFrom ‖ u64 predecessorRetires} as associated data. What was sealed for another epoch, with other
 * times or under another key file does not open.
 */
final class SealedEpochs {

    private static final byte VERSION = 1;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int LENGTH = 1 + NONCE + MasterKey.LENGTH + HpkeKeyPair.LENGTH + TAG_BITS / 8;

    private SealedEpochs() {}

    static byte[] seal(byte[] key, EpochKeys epoch, EpochTimes times, SecureRandom random) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] master = epoch.master().copy();
        byte[] hpke = epoch.hpke().copy();
        byte[] secrets = ByteBuffer.allocate(master.length + hpke.length)
                .put(master)
                .put(hpke)
                .array();
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, times).doFinal(secrets);
            return ByteBuffer.allocate(LENGTH)
                    .put(VERSION)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is not available", e);
        } finally {
            wipe(master, hpke, secrets);
        }
    }

    /** Empty if it was not sealed so. */
    static Optional<EpochKeys> open(byte[] key, EpochTimes times, byte[] sealed) {
        if (sealed.length != LENGTH || sealed[0] != VERSION) {
            return Optional.empty();
        }
        byte[] nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE);
        byte[] secrets = new byte[0];
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, times);
            secrets = cipher.doFinal(sealed, 1 + NONCE, LENGTH - 1 - NONCE);
            return Optional.of(keys(times.number(), secrets));
        } catch (GeneralSecurityException | SchemeException e) {
            return Optional.empty();
        } finally {
            wipe(secrets);
        }
    }

    private static EpochKeys keys(int number, byte[] secrets) {
        byte[] master = Arrays.copyOf(secrets, MasterKey.LENGTH);
        byte[] hpke = Arrays.copyOfRange(secrets, MasterKey.LENGTH, secrets.length);
        try {
            return new EpochKeys(number, MasterKey.of(master), HpkeKeyPair.of(hpke));
        } finally {
            wipe(master, hpke);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, EpochTimes times) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(times.number())
                .putLong(times.activeFrom())
                .putLong(times.predecessorRetires())
                .array());
        return cipher;
    }

    private static void wipe(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
