package io.ferrymesh.it.containers;

import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.scheme.KgcPublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;

/**
 * A key centre and two providers with one user, set up with the program's own commands as an operator would. The user's
 * client reaches one provider's loopback at a time, and carries the grant from one to the other on a device of its own.
 */
final class Deployment implements AutoCloseable {

    private static final String API = "http://127.0.0.1:8080";
    private static final String DEVICE = "device";
    private static final String OBJECTS = "objects";

    private final WorkDirectory work;
    private final Containers containers;
    private final KeyCentre keyCentre;
    private final GenericContainer<?> source;
    private final GenericContainer<?> destination;

    Deployment(Path directory) throws IOException, KeyFileException {
        work = WorkDirectory.make(directory);
        containers = new Containers(work);
        try {
            keyCentre = KeyCentre.make(work, containers, List.of("old", "new"));
            work.writeSecret("passphrase", KeyCentre.random());
            work.writeSecret("password", KeyCentre.random());
            GenericContainer<?> unused =
                    containers.member("kgc", "kgc", Map.of(), KeyCentre.RUN_SECRETS, KeyCentre.RUN);
            source = startProvider("old", "kgc");
            destination = startProvider("new", "kgc,old");
            register(source, "old");
            register(destination, "new");
        } catch (IOException | KeyFileException | RuntimeException e) {
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

    /** The key centre's public key. */
    KgcPublicKey kgc() {
        return keyCentre.publicKey();
    }

    @Override
    public void close() throws IOException {
        containers.close();
        work.removeAllButLogs();
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
                "FERRYMESH_PROVIDER_KGC_FINGERPRINT", keyCentre.fingerprint(),
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
}
