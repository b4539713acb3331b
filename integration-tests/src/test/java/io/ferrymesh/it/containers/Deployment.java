package io.ferrymesh.it.containers;

import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.kgc.keys.KgcKeyFile;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.scheme.KgcPublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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
    private static final String OPERATOR_TOKEN = "--token-file=" + Containers.SECRETS + "kgc-operator";
    private static final List<String> OPERATOR = List.of("kgc-operator");
    private static final String TOKEN = "\"token\":\"([0-9a-f]{64})\"";
    private static final String DEVICE = "device";
    private static final String OBJECTS = "objects";

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
            register(source, "old");
            register(destination, "new");
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
        return data("old");
    }

    /** The user's objects at the destination. */
    Path destinationData() throws IOException {
        return data("new");
    }

    /** All that the destination's store holds, what is on its way included. */
    Path destinationStore() throws IOException {
        return work.state("new").resolve(OBJECTS);
    }

    /** Of the first account there is. */
    private Path data(String provider) throws IOException {
        return work.state(provider).resolve(OBJECTS).resolve("1");
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
                        List.of(),
                        "grant",
                        "--source-session=old-session",
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
                List.of(),
                "fetch",
                "--destination-session=new-session",
                "--grant-file=" + grantFile,
                "--receipt=" + receipt);
    }

    /** Another provider, where there is no cluster. */
    Run lonelyProvider() throws IOException {
        String unused = init("lonely");
        return containers.alone(
                "lonely", "lonely", environment(), List.of("passphrase", "old-enrolment"), runProvider("old"));
    }

    void killSource() {
        containers.kill(source);
    }

    /** As an orchestrator would: the same container, with what it had written before. */
    void startSourceAgain() {
        containers.startAgain("old", source);
    }

    /** The key centre's public key out of its key file; its fingerprint must be the one the program printed. */
    KgcPublicKey kgc() throws IOException, KeyFileException {
        char[] passphrase = Files.readString(work.secret("kgc-passphrase")).toCharArray();
        Path file = work.state("kgc").resolve("kgc.p12");
        try (KgcKeyring keys = KgcKeyFile.load(file, passphrase, new SecureRandom())) {
            KgcPublicKey key = keys.epochs().get(0).publicKey();
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
        work.writeSecret("passphrase", random());
        work.writeSecret("password", random());
        String made = kgc("init", List.of(), "init");
        String operator = kgc("operator", List.of(), "operator", "add", "setup", "ENROLMENT");
        work.writeSecret("kgc-operator", find(TOKEN, operator));
        for (String provider : List.of("old", "new")) {
            String created = kgc("create", OPERATOR, "provider", "create", provider, OPERATOR_TOKEN);
            String number = find("\"number\":(\\d+)", created);
            String token = kgc("token", OPERATOR, "provider", "token", number, OPERATOR_TOKEN);
            work.writeSecret(provider + "-enrolment", find(TOKEN, token));
        }
        GenericContainer<?> unused = containers.member(
                "kgc", "kgc", Map.of(), List.of("kgc-passphrase"), "kgc", "run", KEY_FILE, PASSPHRASE_FILE);
        return find("\"fingerprint\":\"([0-9a-f]{64})\"", made);
    }

    /** Runs a command with the key file, before anything else runs. */
    private String kgc(String name, List<String> secrets, String... command) throws IOException {
        List<String> all = new ArrayList<>(secrets);
        all.add("kgc-passphrase");
        List<String> line = new ArrayList<>(List.of("kgc"));
        line.addAll(List.of(command));
        line.addAll(List.of(KEY_FILE, PASSPHRASE_FILE));
        return containers
                .alone("kgc-" + name, "kgc", Map.of(), all, line.toArray(String[]::new))
                .succeeded();
    }

    private GenericContainer<?> startProvider(String name, String members) throws IOException {
        String unused = init(name);
        Path unusedData = Files.createDirectories(data(name));
        work.give(work.state(name).resolve(OBJECTS));
        return containers.member(
                name, members, environment(), List.of("passphrase", name + "-enrolment"), runProvider(name));
    }

    /** Once, before anything else runs. */
    private String init(String state) throws IOException {
        return containers
                .alone(state + "-init", state, environment(), List.of("passphrase"), "provider", "init")
                .succeeded();
    }

    /** A provider's whole configuration. */
    private Map<String, String> environment() {
        return Map.of(
                "FERRYMESH_PROVIDER_DATABASE_URL", "sqlite:" + Containers.STATE + "/provider.db",
                "FERRYMESH_PROVIDER_KEYS_FILE", Containers.STATE + "/provider.p12",
                "FERRYMESH_PROVIDER_KEYS_PASSPHRASE_FILE", Containers.SECRETS + "passphrase",
                "FERRYMESH_PROVIDER_KGC_FINGERPRINT", fingerprint,
                "FERRYMESH_PROVIDER_STORE_TYPE", "directory",
                "FERRYMESH_PROVIDER_STORE_DIRECTORY_ROOT", Containers.STATE + "/" + OBJECTS);
    }

    private static String[] runProvider(String name) {
        return new String[] {"provider", "run", "--enrolment-token-file=" + Containers.SECRETS + name + "-enrolment"};
    }

    /** The user, from their device. */
    private void register(GenericContainer<?> provider, String name) throws IOException {
        String unused = containers
                .beside(
                        provider,
                        "register-" + name,
                        DEVICE,
                        List.of("password"),
                        "account",
                        "register",
                        "alex",
                        "--provider=" + API,
                        "--password-file=" + Containers.SECRETS + "password",
                        "--session-file=" + name + "-session")
                .succeeded();
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
