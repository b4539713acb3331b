package io.ferrymesh.mesh;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that an option names, read as PEM. Every refusal names the option, the file, and what would be right; never what
 * the file holds.
 *
 * @param option what the file is called in a refusal
 */
record PemFile(String option, Path file) {

    private static final long MAX_BYTES = 1 << 20;
    private static final List<String> KEYS = List.of("RSA", "EC");

    /** All certificates in it, at least one. */
    List<X509Certificate> certificates() {
        String wanted = "a file with certificates in PEM";
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] block : blocks("CERTIFICATE", wanted)) {
            try {
                certificates.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block)));
            } catch (CertificateException e) {
                throw refusal(wanted, e);
            }
        }
        return certificates;
    }

    /** The one key in it. */
    PrivateKey key() {
        String wanted = "a file with one RSA or EC key in PEM, PKCS#8 (BEGIN PRIVATE KEY) without a passphrase";
        List<byte[]> blocks = blocks("PRIVATE KEY", wanted);
        return KEYS.stream()
                .flatMap(algorithm -> parsed(algorithm, blocks.get(0)).stream())
                .filter(key -> blocks.size() == 1)
                .findFirst()
                .orElseThrow(() -> refusal(wanted));
    }

    /** With the option and the file in front of, and behind, what would be right. */
    IllegalArgumentException refusal(String wanted) {
        return new IllegalArgumentException(option + " must be " + wanted + ": " + file);
    }

    private IllegalArgumentException refusal(String wanted, Exception cause) {
        IllegalArgumentException refusal = refusal(wanted);
        refusal.initCause(cause);
        return refusal;
    }

    private static Optional<PrivateKey> parsed(String algorithm, byte[] pkcs8) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } catch (InvalidKeySpecException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    private List<byte[]> blocks(String type, String wanted) {
        String text = text();
        List<byte[]> blocks = new ArrayList<>();
        Matcher block = Pattern.compile("-----BEGIN " + type + "-----([A-Za-z0-9+/=\\s]*)-----END " + type + "-----")
                .matcher(text);
        while (block.find()) {
            try {
                blocks.add(Base64.getMimeDecoder().decode(block.group(1)));
            } catch (IllegalArgumentException e) {
                throw refusal(wanted, e);
            }
        }
        if (blocks.isEmpty()) {
            throw refusal(wanted);
        }
        return blocks;
    }

    private String text() {
        String wanted = "a file that can be read, of at most " + MAX_BYTES + " bytes";
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                throw refusal(wanted);
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw refusal(wanted, e);
        }
    }
}
