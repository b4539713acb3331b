package io.ferrymesh.cli;

import io.ferrymesh.web.PemFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate for 127.0.0.1 that vouches for itself, made with the JDK's own keytool. */
final class SelfSigned {

    private static final String PASSWORD = "not a secret";

    private SelfSigned() {}

    static PemFiles make(Path directory) throws Exception {
        Path store = directory.resolve("tls.p12");
        keytool("-genkeypair -alias tls -keyalg EC -dname CN=tls -ext san=ip:127.0.0.1 -storetype PKCS12", store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return new PemFiles(
                pem(directory, "CERTIFICATE", keys.getCertificate("tls").getEncoded()),
                pem(
                        directory,
                        "PRIVATE KEY",
                        keys.getKey("tls", PASSWORD.toCharArray()).getEncoded()));
    }

    private static void keytool(String command, Path store) throws Exception {
        String program =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> line = new ArrayList<>(List.of(program));
        line.addAll(List.of(command.split(" ", -1)));
        line.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(line).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new AssertionError("keytool failed");
        }
    }

    private static Path pem(Path directory, String type, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return Files.writeString(
                directory.resolve(type.replace(' ', '-') + ".pem"),
                "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
