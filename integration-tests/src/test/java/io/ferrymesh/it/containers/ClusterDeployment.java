package io.ferrymesh.it.containers;

import com.github.dockerjava.api.model.HostConfig;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.web.PemFiles;
import io.ferrymesh.web.PemPair;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;

/**
 * A key centre and two providers of any number of nodes in one cluster, each provider with a PostgreSQL and a directory of
 * objects that its nodes share. Members talk on a network of their own; users and databases are on another, so that a node that
 * is cut off can still be asked.
 */
final class ClusterDeployment implements AutoCloseable {

    private static final String OBJECTS = "objects";
    private static final String KGC = "kgc";
    /** Its part of the heap takes more of a node that stores there. */
    private static final long S3_MEMORY_BYTES = 1200L << 20;

    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final WorkDirectory work;
    private final Containers containers;
    private final KgcPublicKey kgcKey;
    private final HttpClient http;
    private final String members;
    private final Map<String, String> extra;
    private final Optional<ClusterStore> store;
    private volatile ClusterNode kgc;
    private final Map<Party, List<ClusterNode>> nodes = new ConcurrentHashMap<>();
    private final Map<Party, Integer> begun = new ConcurrentHashMap<>();

    private ClusterDeployment(Path directory, int nodesEach, boolean s3, Preparation preparation) throws Exception {
        this.work = WorkDirectory.make(directory);
        this.containers = new Containers(work, ClassArchive.ofImage(Path.of("target")));
        this.extra = preparation.of(work, containers);
        this.members = Stream.concat(Stream.of(KGC), Stream.of(Party.values()).flatMap(party -> Stream.iterate(
                                1, i -> i <= nodesEach, i -> i + 1)
                        .map(party::node)))
                .map(name -> name + ".cluster")
                .collect(Collectors.joining(","));
        try {
            this.http = PinnedCertificate.client(certificate(), CONNECT);
            CompletableFuture<Void> databases =
                    together(Stream.of(Party.values()).map(party -> () -> startDatabase(party)));
            this.store = s3
                    ? Optional.of(ClusterStore.start(work, containers, Party.NEW.label() + "-store"))
                    : Optional.empty();
            this.kgcKey = KeyCentreHere.make(work, List.of(Party.OLD.label(), Party.NEW.label()));
            CompletableFuture<Void> providers = databases.thenCompose(
                    done -> together(Stream.of(Party.values()).map(party -> () -> init(party))));
            this.kgc = startKgc();
            providers.join();
            startAll(nodesEach);
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    /** With so many nodes of each provider, all ready. */
    static ClusterDeployment start(Path directory, int nodesEach) throws Exception {
        return start(directory, nodesEach, Map.of());
    }

    /** The same, with more in the environment of every provider's node. */
    static ClusterDeployment start(Path directory, int nodesEach, Map<String, String> extra) throws Exception {
        return new ClusterDeployment(directory, nodesEach, false, (work, containers) -> extra);
    }

    /** With the new provider's objects on an S3 server. */
    static ClusterDeployment startOverS3(Path directory, int nodesEach) throws Exception {
        return new ClusterDeployment(directory, nodesEach, true, (work, containers) -> Map.of());
    }

    /** The same, with something done before the first container is made. */
    static ClusterDeployment start(Path directory, int nodesEach, Preparation preparation) throws Exception {
        return new ClusterDeployment(directory, nodesEach, false, preparation);
    }

    ClusterNode kgc() {
        return kgc;
    }

    KgcPublicKey kgcKey() {
        return kgcKey;
    }

    /** Those that were started and not removed, the oldest first. */
    List<ClusterNode> nodes(Party party) {
        return List.copyOf(at(party));
    }

    /** Starts one more of a provider, under a name that none had before, and waits until it is ready. */
    ClusterNode add(Party party) throws Exception {
        return start(party, begun.merge(party, 1, Integer::sum));
    }

    /** Takes the youngest away in order, while it works. */
    void remove(Party party) {
        List<ClusterNode> all = at(party);
        all.remove(all.size() - 1).stop();
    }

    /** Takes the oldest away likewise. */
    void removeOldest(Party party) {
        at(party).remove(0).stop();
    }

    /** All nodes, the key centre's first. */
    List<ClusterNode> all() {
        return Stream.concat(Stream.of(kgc), Stream.of(Party.values()).flatMap(party -> at(party).stream()))
                .toList();
    }

    /** Every provider's node has found all others, and migrations can begin at any. */
    void requireWhole() throws Exception {
        double members = all().size();
        for (Party party : Party.values()) {
            for (ClusterNode node : at(party)) {
                Until.is(members, () -> node.figure("ferrymesh_mesh_members"));
            }
        }
    }

    /** The one of a provider's through which most migrations go now, which must be some. */
    ClusterNode busiest(Party party) throws Exception {
        Map<ClusterNode, Double> busy = new LinkedHashMap<>();
        for (ClusterNode node : at(party)) {
            busy.put(node, node.busy());
        }
        Map.Entry<ClusterNode, Double> most = Collections.max(busy.entrySet(), Map.Entry.comparingByValue());
        if (most.getValue() < 1) {
            throw new AssertionError("no migration goes through any node of " + party);
        }
        return most.getKey();
    }

    /** Ends a node in order and puts a new container in its place, with its state; waits until it is ready. */
    ClusterNode replace(ClusterNode node) throws Exception {
        node.remove();
        if (node == kgc) {
            this.kgc = startKgc();
            return kgc;
        }
        Party party = at(Party.OLD).contains(node) ? Party.OLD : Party.NEW;
        int index = at(party).indexOf(node);
        ClusterNode fresh = make(party, node.name());
        ClusterNode unused = at(party).set(index, fresh);
        return fresh;
    }

    /** One of a provider's that should answer, drawn. */
    ClusterNode any(Party party) {
        List<ClusterNode> up = at(party).stream().filter(ClusterNode::isUp).toList();
        if (up.isEmpty()) {
            throw new IllegalStateException("no node of " + party + " is up");
        }
        return up.get(ThreadLocalRandom.current().nextInt(up.size()));
    }

    /** A provider's store: a directory for each account. */
    Path objects(Party party) throws IOException {
        Path own = work.state(party.label()).resolve(OBJECTS);
        return storeOf(party).map(ClusterStore::objects).orElse(own);
    }

    /** Whether the new provider's objects are on an S3 server. */
    boolean isOverS3() {
        return store.isPresent();
    }

    /** Where nodes look for the cluster. */
    String members() {
        return members;
    }

    /** What nodes run with. */
    Containers containers() {
        return containers;
    }

    WorkDirectory work() {
        return work;
    }

    @Override
    public void close() throws IOException {
        containers.close();
        work.removeAllButLogs();
    }

    private void startAll(int nodesEach) throws Exception {
        // The first of each enrols and makes the database's tables.
        together(Stream.of(Party.values()).map(party -> () -> startUpTo(party, 1)))
                .join();
        together(Stream.of(Party.values()).map(party -> () -> startUpTo(party, nodesEach)))
                .join();
    }

    private void startUpTo(Party party, int nodesEach) throws Exception {
        while (at(party).size() < nodesEach) {
            ClusterNode unused = add(party);
        }
    }

    private void startDatabase(Party party) throws IOException {
        String password = party.label() + "-db-password";
        work.writeSecret(password, KeyCentre.random());
        work.admitAll(password);
        containers.database(party.label() + "-db", password).start();
    }

    private void init(Party party) throws IOException {
        work.writeSecret(party.label() + "-passphrase", KeyCentre.random());
        work.give(Files.createDirectories(objects(party)));
        String unused = containers
                .atFront(party.label() + "-init", party.label(), environment(party), secrets(party), "provider", "init")
                .succeeded();
    }

    private ClusterNode startKgc() throws IOException {
        Map<String, String> own = extra.entrySet().stream()
                .filter(each -> !each.getKey().startsWith("FERRYMESH_PROVIDER_"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return member(KGC, KGC, own, KeyCentre.RUN_SECRETS, KeyCentre.RUN);
    }

    private ClusterNode start(Party party, int number) throws Exception {
        ClusterNode node = make(party, party.node(number));
        at(party).add(node);
        return node;
    }

    private ClusterNode make(Party party, String name) throws Exception {
        Map<String, String> environment = new HashMap<>(environment(party));
        environment.put("FERRYMESH_PROVIDER_HTTP_HOST", name + ".front");
        environment.put("FERRYMESH_PROVIDER_MANAGEMENT_HOST", name + ".front");
        environment.putAll(extra);
        return member(
                name,
                party.label(),
                environment,
                secrets(party),
                "provider",
                "run",
                "--enrolment-token-file=" + Containers.SECRETS + party.label() + "-enrolment");
    }

    private ClusterNode member(
            String name, String state, Map<String, String> environment, List<String> secrets, String... command)
            throws IOException {
        GenericContainer<?> container = containers.node(name, state, members, environment, secrets, command);
        if (store.isPresent() && state.equals(Party.NEW.label())) {
            GenericContainer<?> unused = container.withCreateContainerCmdModifier(create -> {
                HostConfig unusedHost = Containers.hostOf(create).withMemory(S3_MEMORY_BYTES);
            });
        }
        ClusterNode node = new ClusterNode(containers, name, container, http);
        node.start();
        return node;
    }

    private List<String> secrets(Party party) {
        Stream<String> own =
                Stream.of("-passphrase", "-enrolment", "-db-password").map(party.label()::concat);
        Stream<String> stores = storeOf(party).stream().flatMap(each -> each.secrets().stream());
        return Stream.of(own, stores, Stream.of("api-certificate", "api-key"))
                .flatMap(each -> each)
                .toList();
    }

    private Optional<ClusterStore> storeOf(Party party) {
        return party == Party.NEW ? store : Optional.empty();
    }

    private Map<String, String> environment(Party party) {
        Map<String, String> all = new HashMap<>();
        all.put("DATABASE_URL", "postgresql://" + party.label() + "-db/ferrymesh?sslmode=disable");
        all.put("DATABASE_USER", "ferrymesh");
        all.put("DATABASE_PASSWORD_FILE", Containers.SECRETS + party.label() + "-db-password");
        all.put("KEYS_FILE", Containers.STATE + "/provider.p12");
        all.put("KEYS_PASSPHRASE_FILE", Containers.SECRETS + party.label() + "-passphrase");
        all.put("KGC_FINGERPRINT", kgcKey.fingerprint().hex());
        all.put("HTTP_PORT", "8443");
        all.put("HTTP_PUBLIC_URL", "https://" + party.label() + ".front:8443");
        all.put("HTTP_TLS_CERTIFICATE", Containers.SECRETS + "api-certificate");
        all.put("HTTP_TLS_KEY", Containers.SECRETS + "api-key");
        all.putAll(storeOf(party)
                .map(ClusterStore::environment)
                .orElse(Map.of("STORE_TYPE", "directory", "STORE_DIRECTORY_ROOT", Containers.STATE + "/" + OBJECTS)));
        return all.entrySet().stream()
                .collect(Collectors.toMap(each -> "FERRYMESH_PROVIDER_" + each.getKey(), Map.Entry::getValue));
    }

    /** The APIs' own, for all of them. */
    private X509Certificate certificate() throws Exception {
        Path made = Files.createDirectory(work.secret("made"));
        PemFiles pem = PemPair.make(made, "nodes");
        work.writeSecret("api-certificate", Files.readString(pem.certificate()));
        work.writeSecret("api-key", Files.readString(pem.key()));
        try (InputStream in = Files.newInputStream(pem.certificate())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private List<ClusterNode> at(Party party) {
        return nodes.computeIfAbsent(party, unused -> new CopyOnWriteArrayList<>());
    }

    /** What is done before the first container is made; it returns what all nodes have in their environment besides. */
    interface Preparation {
        Map<String, String> of(WorkDirectory work, Containers containers) throws Exception;
    }

    /** Something that takes a while. */
    interface Step {
        void run() throws Exception;
    }

    /** Does all of them at once. */
    static CompletableFuture<Void> together(Stream<Step> steps) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        steps.forEach(step -> all.add(CompletableFuture.runAsync(() -> {
            try {
                step.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        })));
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }
}
