package io.ferrymesh.migration;

import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;

/** What one end authenticates and signs with, of one key. Whoever takes it closes it. */
record Credentials(Credential agreement, Credential signing) implements AutoCloseable {

    /** Takes both or none. */
    static Future<Credentials> take(CredentialSupply supply, KgcPublicKey kgc) {
        return supply.take(kgc, Usage.KEY_AGREEMENT).compose(agreement -> supply.take(kgc, Usage.SIGNING)
                .onFailure(e -> agreement.close())
                .map(signing -> new Credentials(agreement, signing)));
    }

    KgcPublicKey kgc() {
        return agreement.kgc();
    }

    /** The last second in which both are valid, in epoch seconds. */
    long expires() {
        return Math.min(expires(agreement), expires(signing));
    }

    private static long expires(Credential credential) {
        return credential.certificate().info().validity().notAfter();
    }

    @Override
    public void close() {
        agreement.close();
        signing.close();
    }
}
