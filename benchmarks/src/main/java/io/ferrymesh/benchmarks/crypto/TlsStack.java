package io.ferrymesh.benchmarks.crypto;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.SSLContext;
import org.conscrypt.Conscrypt;

/** Whose TLS, and who computes for it. {@link #context} changes the JVM's providers, so one stack a JVM. */
public enum TlsStack {

    /** SunJSSE over the JDK's own cryptography: what a Java program gets when nobody chose anything. */
    JDK {
        @Override
        SSLContext context() throws Exception {
            return SSLContext.getInstance("TLSv1.3", "SunJSSE");
        }
    },

    /** SunJSSE with the native provider in front, which is also what Ferrymesh's faster choice computes with. */
    JDK_WITH_CORRETTO {
        @Override
        SSLContext context() throws Exception {
            first(corretto());
            return SSLContext.getInstance("TLSv1.3", "SunJSSE");
        }
    },

    /** BoringSSL through Conscrypt, which also verifies the certificates. */
    CONSCRYPT {
        @Override
        SSLContext context() throws Exception {
            Provider provider = Conscrypt.newProvider();
            first(provider);
            return SSLContext.getInstance("TLSv1.3", provider);
        }
    };

    private static final String CORRETTO = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    /** A context to initialise. */
    abstract SSLContext context() throws Exception;

    private static Provider corretto() throws ReflectiveOperationException {
        return (Provider) Class.forName(CORRETTO).getField("INSTANCE").get(null);
    }

    /** Puts a provider before all others. */
    private static void first(Provider provider) throws NoSuchAlgorithmException {
        int unused = Security.insertProviderAt(provider, 1);
        if (!Security.getProviders()[0].getName().equals(provider.getName())) {
            throw new NoSuchAlgorithmException("the provider " + provider + " could not be put first");
        }
    }
}
