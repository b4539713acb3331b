package io.ferrymesh.keyfile;

import io.ferrymesh.keyfile.KeyFileException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Named 32-byte secrets in a PKCS#12 store: each under PBES2 (PBKDF2 with HMAC-SHA-256, AES-256-CBC), the whole under a
 * MAC, both keys derived with as many iterations, which the file tells. Common tools can read it.
 */
final class Pkcs12Secrets {

    private static final String CIPHER = "PBEWithHmacSHA256AndAES_256";
    private static final String MAC_ITERATIONS = "keystore.pkcs12.macIterationCount";

    private Pkcs12Secrets() {}

    /** The secrets, encrypted. The caller wipes what it passed. */
    static byte[] seal(Map<String, byte[]> secrets, char[] passphrase, int iterations, SecureRandom random)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Map.Entry<String, byte[]> secret : secrets.entrySet()) {
            PBEParameterSpec parameters =
                    new PBEParameterSpec(bytes(random), iterations, new IvParameterSpec(bytes(random)));
            store.setEntry(
                    secret.getKey(),
                    new KeyStore.SecretKeyEntry(new SecretKeySpec(secret.getValue(), "AES")),
                    new KeyStore.PasswordProtection(passphrase, CIPHER, parameters));
        }
        return store(store, passphrase, iterations);
    }

    /** Opens what {@link #seal} made. Whether it is all that should be there is the caller's to see. */
    static Map<String, byte[]> open(byte[] sealed, char[] passphrase, SecretsFile.Format format, String what)
            throws KeyFileException {
        KeyStore store = load(sealed, passphrase, what);
        try {
            List<String> names = Collections.list(store.aliases());
            if (names.size() > format.maxSecrets()
                    || !names.stream().allMatch(name -> name.startsWith(format.prefix()))) {
                throw new KeyFileException(Reason.NOT_A_KEY_FILE, what + " is a key store with other keys in it");
            }
            Map<String, byte[]> secrets = new HashMap<>();
            for (String name : names) {
                secrets.put(name, secret(store, name, passphrase, what));
            }
            return secrets;
        } catch (GeneralSecurityException e) {
            throw new KeyFileException(Reason.ALTERED, what + " has been altered since it was written", e);
        }
    }

    private static byte[] secret(KeyStore store, String name, char[] passphrase, String what)
            throws GeneralSecurityException, KeyFileException {
        Key key = store.getKey(name, passphrase);
        byte @Nullable [] value = key == null ? null : key.getEncoded();
        if (value == null || value.length != 32) {
            throw new KeyFileException(Reason.NOT_A_KEY_FILE, what + " is a key store with other keys in it");
        }
        return value;
    }

    private static KeyStore load(byte[] sealed, char[] passphrase, String what) throws KeyFileException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(sealed), passphrase);
            return store;
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw macFailed(sealed, passphrase, what);
            }
            throw new KeyFileException(Reason.NOT_A_KEY_FILE, what + " is not a key file, or is damaged", e);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new KeyFileException(Reason.NOT_A_KEY_FILE, what + " is not a key file, or is damaged", e);
        }
    }

    /** A store whose MAC fails although the passphrase opens a key in it was altered: the MAC alone cannot tell. */
    private static KeyFileException macFailed(byte[] sealed, char[] passphrase, String what) {
        try {
            KeyStore unchecked = KeyStore.getInstance("PKCS12");
            unchecked.load(new ByteArrayInputStream(sealed), null);
            for (String alias : Collections.list(unchecked.aliases())) {
                if (opens(unchecked, alias, passphrase)) {
                    return new KeyFileException(Reason.ALTERED, what + " has been altered since it was written");
                }
            }
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            return new KeyFileException(Reason.NOT_A_KEY_FILE, what + " is not a key file, or is damaged", e);
        }
        return new KeyFileException(Reason.WRONG_PASSPHRASE, "wrong passphrase for " + what);
    }

    private static boolean opens(KeyStore store, String alias, char[] passphrase)
            throws KeyStoreException, NoSuchAlgorithmException {
        try {
            return store.getKey(alias, passphrase) != null;
        } catch (UnrecoverableKeyException e) {
            return false;
        }
    }

    /** The MAC's iterations can only be set for the whole JVM, so they are, for as long as this takes. */
    private static synchronized byte[] store(KeyStore store, char[] passphrase, int iterations)
            throws GeneralSecurityException, IOException {
        String before = Security.getProperty(MAC_ITERATIONS);
        Security.setProperty(MAC_ITERATIONS, Integer.toString(iterations));
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, passphrase);
            return out.toByteArray();
        } finally {
            Security.setProperty(MAC_ITERATIONS, before == null ? "" : before);
        }
    }

    private static byte[] bytes(SecureRandom random) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return bytes;
    }
}
