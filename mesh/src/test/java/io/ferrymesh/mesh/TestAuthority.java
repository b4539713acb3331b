package io.ferrymesh.mesh;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Issues certificates for members, with the JDK's own keytool. */
public final class TestAuthority {

    private static final String PASSWORD = "not a secret";

    private final Path directory;
    private final String name;
    private final Path store;

    /** One of its own, with its files in the directory. */
    public TestAuthority(Path directory, String name) throws Exception {
        this.directory = directory;
        this.name = name;
        this.store = directory.resolve(name + ".p12");
        keytool("-keyalg", "EC", "-alias", name, "-dname", "CN=" + name, "-ext", "bc:c=ca:true");
        write(certificate(), "CERTIFICATE", List.of(keys().getCertificate(name).getEncoded()));
    }

    /** The authority's own certificate. */
    public Path certificate() {
        return directory.resolve(name + "-ca.pem");
    }

    public Path certificate(String member) {
        return directory.resolve(name + "-" + member + "-certificate.pem");
    }

    public Path key(String member) {
        return directory.resolve(name + "-" + member + "-key.pem");
    }

    /** Issues one, with keytool's options over what is usual. */
    public TestAuthority issue(String member, String... options) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("-keyalg", "EC", "-alias", member, "-dname", "CN=" + member, "-signer", name));
        command.addAll(List.of(options));
        keytool(command.toArray(String[]::new));
        List<byte[]> chain = new ArrayList<>();
        for (Certificate each : keys().getCertificateChain(member)) {
            chain.add(each.getEncoded());
        }
        write(certificate(member), "CERTIFICATE", chain.subList(0, chain.size() - 1));
        write(
                key(member),
                "PRIVATE KEY",
                List.of(keys().getKey(member, PASSWORD.toCharArray()).getEncoded()));
        return this;
    }

    /** What a member of that name proves itself with; issued now. */
    public BusTls tls(String member) throws Exception {
        TestAuthority unused = issue(member, "-ext", "eku=serverAuth,clientAuth");
        return new BusTls(certificate(member), key(member), certificate());
    }

    private KeyStore keys() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private void keytool(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(options));
        Path log = directory.resolve(name + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new AssertionError(Files.readString(log));
        }
    }

    private static void write(Path file, String type, List<byte[]> blocks) throws Exception {
        Base64.Encoder encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder pem = new StringBuilder();
        for (byte[] block : blocks) {
            pem.append("-----BEGIN " + type + "-----\n")
                    .append(encoder.encodeToString(block))
                    .append("\n-----END " + type + "-----\n");
        }
        Path unused = Files.writeString(file, pem);
    }
}
