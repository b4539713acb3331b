package io.ferrymesh.migration;

import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import io.vertx.core.Future;

/** What one end authenticates and signs with, of one key. Whoever takes it closes it. */
record Credentials(Credential agreement, Credential signing) implements AutoCloseable {

    /** What a credential must still last in any case to be used again. */
    private static final long LAST_SECONDS = 600;

    /** Takes both or none. */
    static Future<Credentials> take(CredentialSupply supply, KgcPublicKey kgc) {
        return supply.take(kgc, Usage.KEY_AGREEMENT).compose(agreement -> supply.take(kgc, Usage.SIGNING)
                .onFailure(e -> agreement.close())
                .map(signing -> new Credentials(agreement, signing)));
    }

    KgcPublicKey kgc() {
        return agreement.kgc();
    }

    /** Whether both last through another run as well as fresh ones about do: at least a quarter of their time is left, and ten minutes. */
    boolean lasts(long nowSeconds) {
        return lasts(agreement, nowSeconds) && lasts(signing, nowSeconds);
    }

    private static boolean lasts(Credential credential, long nowSeconds) {
        Validity validity = credential.certificate().info().validity();
        long needed = Math.max(LAST_SECONDS, (validity.notAfter() - validity.notBefore()) / 4);
        return validity.notAfter() - nowSeconds >= needed;
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
