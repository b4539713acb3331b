package io.ferrymesh.kgc.keys;

import io.ferrymesh.scheme.HpkeKeyPair;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MasterKey;
import java.security.SecureRandom;

/**
 * The secrets of one key epoch: whoever has them can certify in it, and still compute no provider's private key.
 *
 * @param number of the epoch, from 1
 */
public record EpochKeys(int number, MasterKey master, HpkeKeyPair hpke) implements AutoCloseable {

    /** Fresh ones. */
    public static EpochKeys generate(int number, SecureRandom random) {
        return new EpochKeys(number, MasterKey.generate(random), HpkeKeyPair.generate(random));
    }

    /** What providers know the epoch by. */
    public KgcPublicKey publicKey() {
        return master.publicKey();
    }

    @Override
    public void close() {
        master.close();
        hpke.close();
    }

    @Override
    public String toString() {
        return "EpochKeys[" + number + ", ***]";
    }
}
