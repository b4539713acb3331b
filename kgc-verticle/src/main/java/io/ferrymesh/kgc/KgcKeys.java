package io.ferrymesh.kgc;

import io.ferrymesh.scheme.HpkeKeyPair;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.TraceKey;
import java.security.SecureRandom;

/** The key centre's secrets. Whoever has them can certify and trace, and still compute no provider's private key. */
public record KgcKeys(MasterKey master, TraceKey trace, HpkeKeyPair hpke) implements AutoCloseable {

    /** Fresh ones. */
    public static KgcKeys generate(SecureRandom random) {
        return new KgcKeys(MasterKey.generate(random), TraceKey.generate(random), HpkeKeyPair.generate(random));
    }

    @Override
    public void close() {
        master.close();
        trace.close();
        hpke.close();
    }

    @Override
    public String toString() {
        return "***";
    }
}
