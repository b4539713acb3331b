package io.ferrymesh.it.containers;

import io.ferrymesh.kgc.KeyFileException;
import io.ferrymesh.kgc.KgcKeyFile;
import io.ferrymesh.kgc.KgcKeys;
import io.ferrymesh.scheme.KgcPublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testcontainers.containers.GenericContainer;

/**
 * A key centre and two providers with one user, set up with the program's own commands as an operator would. The user's
 * client reaches one provider's loopback at a time, and carries the grant from one to the other on a device of its own.
 */
final class Deployment implements AutoCloseable {

    private static final String API = "http://127.0.0.1:8080";
    private static final String KEY_FILE = "--key-file=kgc.p12";
    private static final String PASSPHRASE_FILE = "--passphrase-file=" + Containers.SECRETS + "kgc-passphrase";
    private static final String DEVICE = "device";

    private final WorkDirectory work;
    private final Containers containers;
    private final String fingerprint;
    private final GenericContainer<?> source;
    private final GenericContainer<?> destination;

    Deployment(Path directory) throws IOException {
        work = WorkDirectory.make(directory);
        containers = new Containers(work);
        try {
            fingerprint = startKgc();
            source = startProvider("old", "kgc");
            destination = startProvider("new", "kgc,old");
        } catch (IOException | RuntimeException e) {
            containers.close();
            throw e;
        }
    }

    WorkDirectory work() {
        return work;
    }

    /** The user's objects at the source. */
    Path sourceData() throws IOException {
        return work.state("old");
    }

    /** The user's objects at the destination. */
    Path destinationData() throws IOException {
        return work.state("new");
    }

    /** A file on the user's device. */
    Path device(String file) throws IOException {
        return work.state(DEVICE).resolve(file);
    }

    /** The user's half at the source. */
    String grant(String grantFile, String prefix) throws IOException {
        return containers
                .beside(
                        source,
                        "grant",
                        DEVICE,
                        List.of("old-user"),
                        "grant",
                        "--source=" + API,
                        "--source-token-file=" + Containers.SECRETS + "old-user",
                        "--grant-file=" + grantFile,
                        "--prefix=" + prefix)
                .succeeded();
    }

    /** The user's half at the destination. */
    Run fetch(String grantFile, String receipt) throws IOException {
        return containers.beside(
                destination,
                "fetch",
                DEVICE,
                List.of("new-user"),
                "fetch",
                "--destination=" + API,
                "--destination-token-file=" + Containers.SECRETS + "new-user",
                "--grant-file=" + grantFile,
                "--receipt=" + receipt);
    }

    void killSource() {
        containers.kill(source);
    }

    /** The key centre's public key out of its key file; its fingerprint must be the one the program printed. */
    KgcPublicKey kgc() throws IOException, KeyFileException {
        char[] passphrase = Files.readString(work.secret("kgc-passphrase")).toCharArray();
        try (KgcKeys keys = KgcKeyFile.load(work.state("kgc").resolve("kgc.p12"), passphrase)) {
            KgcPublicKey key = keys.master().publicKey();
            if (!key.fingerprint().hex().equals(fingerprint)) {
                throw new IllegalStateException("the key file is not the one of the key centre " + fingerprint);
            }
            return key;
        }
    }

    @Override
    public void close() throws IOException {
        containers.close();
        work.removeAllButLogs();
    }

    private String startKgc() throws IOException {
        work.writeSecret("kgc-passphrase", random());
        List<String> passphrase = List.of("kgc-passphrase");
        String made = containers
                .alone("kgc-init", "kgc", passphrase, "kgc", "init", KEY_FILE, PASSPHRASE_FILE)
                .succeeded();
        work.writeSecret("kgc-enrolment", enrolment("old") + enrolment("new"));
        GenericContainer<?> unused = containers.member(
                "kgc",
                "kgc",
                List.of("kgc-passphrase", "kgc-enrolment"),
                "kgc",
                "run",
                KEY_FILE,
                PASSPHRASE_FILE,
                "--enrolment-file=" + Containers.SECRETS + "kgc-enrolment");
        return find("\"fingerprint\":\"([0-9a-f]{64})\"", made);
    }

    /** Makes a provider's secrets and returns its line for the enrolment file. */
    private String enrolment(String provider) throws IOException {
        String printed = containers
                .alone("kgc-token", "kgc", List.of(), "kgc", "token", provider)
                .succeeded();
        work.writeSecret(provider + "-enrolment", find("token ([0-9a-f]{64})", printed));
        work.writeSecret(provider + "-user", random());
        return find("(" + provider + " [0-9a-f]{64}\n)", printed);
    }

    private GenericContainer<?> startProvider(String name, String members) throws IOException {
        return containers.member(
                name,
                members,
                List.of(name + "-enrolment", name + "-user"),
                "provider",
                "run",
                "--kgc-fingerprint=" + fingerprint,
                "--enrolment-token-file=" + Containers.SECRETS + name + "-enrolment",
                "--user=alex",
                "--user-token-file=" + Containers.SECRETS + name + "-user",
                "--user-data=" + Containers.STATE);
    }

    private static String find(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in: " + text);
        }
        return matcher.group(1);
    }

    private static String random() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }
}
