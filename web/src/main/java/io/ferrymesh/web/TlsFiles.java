package io.ferrymesh.web;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * What the PEM files hold at one time: a certificate chain and its key, which belong together.
 *
 * @param content a hash of both files, to tell whether they changed
 * @param notAfter when the first certificate of the chain runs out that does
 */
record TlsFiles(PemKeyCertOptions options, String content, Instant notAfter) {

    private static final long MAX_BYTES = 1 << 20;

    /** What may be wrong with the files; the message names the file and what would be right. */
    static final class BadFiles extends Exception {
        BadFiles(String message) {
            super(message);
        }

        BadFiles(String message, Exception cause) {
            super(message, cause);
        }
    }

    /** Reads both files and tries the key against the certificate. Blocking. */
    static TlsFiles load(Vertx vertx, PemFiles files) throws BadFiles {
        byte[] certificate = read("the certificate", files.certificate());
        byte[] key = read("the certificate's key", files.key());
        String content = hash(certificate) + hash(key);
        PemKeyCertOptions options =
                new PemKeyCertOptions().addCertValue(Buffer.buffer(certificate)).addKeyValue(Buffer.buffer(key));
        try {
            Optional<X509Certificate[]> chain = chain(vertx, options);
            if (chain.isPresent()) {
                return new TlsFiles(options, content, firstEnd(chain.get()));
            }
        } catch (Exception e) {
            throw new BadFiles(
                    "the certificate must be a PEM chain and its key PKCS#8 in PEM without a passphrase: "
                            + files.certificate() + ", " + files.key(),
                    e);
        }
        throw new BadFiles("the key must be the certificate's: " + files.key() + ", " + files.certificate());
    }

    private static byte[] read(String name, Path file) throws BadFiles {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new BadFiles(name + " must be a PEM file of at most " + MAX_BYTES + " bytes: " + file);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new BadFiles(name + " must be a PEM file that can be read: " + file, e);
        }
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Instant firstEnd(X509Certificate[] chain) {
        return Stream.of(chain)
                .map(each -> each.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** The certificates, if the key is that of the first. */
    private static Optional<X509Certificate[]> chain(Vertx vertx, PemKeyCertOptions options) throws Exception {
        List<String> aliases = Collections.list(options.loadKeyStore(vertx).aliases());
        for (KeyManager manager : options.getKeyManagerFactory(vertx).getKeyManagers()) {
            for (String alias : aliases) {
                if (manager instanceof X509KeyManager keys && keys.getPrivateKey(alias) != null) {
                    X509Certificate[] chain = keys.getCertificateChain(alias);
                    boolean fits = signs(keys.getPrivateKey(alias), chain[0].getPublicKey());
                    return fits ? Optional.of(chain) : Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static boolean signs(PrivateKey key, PublicKey certified) throws Exception {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        byte[] message = {1, 2, 3};
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(message);
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(certified);
        verifier.update(message);
        return verifier.verify(signer.sign());
    }
}
