package io.ferrymesh.web;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** Self-signed certificates for loopback addresses, made with the JDK's own keytool. */
public final class PemPair {

    private static final String PASSWORD = "not a secret";

    private PemPair() {}

    /** A pair of files for {@code CN=name}. */
    public static PemFiles make(Path directory, String name) throws Exception {
        return make(directory, name, 90);
    }

    /** One that is good for so many days. */
    public static PemFiles make(Path directory, String name, int days) throws Exception {
        return make(directory, name, days, List.of("127.0.0.1"));
    }

    /** One for several addresses. */
    public static PemFiles make(Path directory, String name, int days, List<String> addresses) throws Exception {
        Path store = directory.resolve(name + ".p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = List.of(
                keytool,
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                Integer.toString(days),
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:" + String.join(",ip:", addresses),
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new AssertionError(Files.readString(directory.resolve(name + ".log")));
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return new PemFiles(
                pem(
                        directory.resolve(name + "-certificate.pem"),
                        "CERTIFICATE",
                        keys.getCertificate(name).getEncoded()),
                pem(
                        directory.resolve(name + "-key.pem"),
                        "PRIVATE KEY",
                        keys.getKey(name, PASSWORD.toCharArray()).getEncoded()));
    }

    private static Path pem(Path file, String type, byte[] content) throws Exception {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
