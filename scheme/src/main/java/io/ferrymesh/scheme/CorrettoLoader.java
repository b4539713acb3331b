package io.ferrymesh.scheme;

import java.security.Provider;

/** Finds the Amazon Corretto Crypto Provider by name, because it is there on some platforms only. */
final class CorrettoLoader {

    private static final String CLASS = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private CorrettoLoader() {}

    /** The provider, after its own tests passed; IllegalStateException with the reason if it cannot be used. */
    static Provider load() {
        try {
            Class<?> type = Class.forName(CLASS);
            Provider provider = (Provider) type.getField("INSTANCE").get(null);
            Object error = type.getMethod("getLoadingError").invoke(provider);
            if (error != null) {
                throw new IllegalStateException("the Amazon Corretto Crypto Provider does not load: " + error);
            }
            String tests = String.valueOf(type.getMethod("runSelfTests").invoke(provider));
            if (!tests.equals("PASSED")) {
                throw new IllegalStateException("the Amazon Corretto Crypto Provider's self-tests: " + tests);
            }
            return provider;
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException("the Amazon Corretto Crypto Provider does not load: " + e, e);
        }
    }
}
