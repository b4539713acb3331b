package io.ferrymesh.it.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * Containers of the image on a network that leads nowhere else, as locked up as the compose files have them. Their output goes to
 * log files as it comes, so that it is there however they end.
 */
final class Containers implements AutoCloseable {

    static final String IMAGE = System.getProperty("ferrymesh.image", "ferrymesh:dev");

    /** Where a container finds its secrets. */
    static final String SECRETS = "/run/secrets/";

    /** Where a container keeps what lasts; its working directory. */
    static final String STATE = "/var/lib/ferrymesh";

    private static final String LABEL = "io.ferrymesh.it";
    /** Longer than a node itself gives its start. */
    private static final Duration GENEROUS = Duration.ofSeconds(150);

    private static final long MEMORY_BYTES = 640L << 20;

    private final WorkDirectory work;
    private final Map<String, String> labels;
    private final Map<String, Bind> volumes = new ConcurrentHashMap<>();
    private volatile String image = IMAGE;
    private volatile ClassArchive archive;
    private final Network network;
    private final Network front;
    private final List<GenericContainer<?>> started = new CopyOnWriteArrayList<>();

    Containers(WorkDirectory work) {
        this(work, ClassArchive.NONE);
    }

    Containers(WorkDirectory work, ClassArchive archive) {
        this.work = work;
        this.archive = archive;
        this.labels = Map.of(LABEL, work.toString());
        removeLeftovers();
        this.network = internal();
        this.front = internal();
    }

    /** From now on containers are of that image. */
    void use(String otherImage, ClassArchive itsArchive) {
        this.image = otherImage;
        this.archive = itsArchive;
    }

    /** From now on containers with that state have this volume too. */
    void mount(String state, Bind volume) {
        Bind unused = volumes.put(state, volume);
    }

    private Network internal() {
        return Network.builder()
                .createNetworkCmdModifier(create -> create.withInternal(true).withLabels(labels))
                .build();
    }

    /** Starts a member of the cluster and waits until it is ready. Its host name is its name, and where it listens. */
    GenericContainer<?> member(
            String name, String members, Map<String, String> environment, List<String> secrets, String... command)
            throws IOException {
        GenericContainer<?> container = container(name, name, secrets, command)
                .withNetwork(network)
                .withNetworkAliases(name)
                .withCreateContainerCmdModifier(create -> create.withHostName(name))
                .withEnv(clusterAt(name, members))
                .withEnv(environment)
                .waitingFor(Wait.forLogMessage(".*\"ready\".*\\n", 1).withStartupTimeout(GENEROUS));
        container.start();
        return container;
    }

    /**
     * Makes a node that members and users reach over networks of their own, as NAME.cluster and NAME.front; it is started by the
     * caller. Several nodes may have the same state.
     */
    GenericContainer<?> node(
            String name,
            String state,
            String members,
            Map<String, String> environment,
            List<String> secrets,
            String... command)
            throws IOException {
        TwoNetworks container = new TwoNetworks(image, front, name + ".front", network, name + ".cluster");
        return secured(container, name, state, secrets, command)
                .withEnv(clusterAt(name + ".cluster", members))
                .withEnv(environment)
                .waitingFor(Wait.forLogMessage(".*\"ready\".*\\n", 1).withStartupTimeout(GENEROUS));
    }

    /** Starts a command that reaches what nodes' users reach, and databases. */
    Run atFront(String name, String state, Map<String, String> environment, List<String> secrets, String... command)
            throws IOException {
        return run(name, front.getId(), state, environment, secrets, command);
    }

    /** Makes a PostgreSQL server for the user ferrymesh, whose password is a secret; the caller starts it. */
    GenericContainer<?> database(String name, String passwordSecret) {
        Bind password =
                new Bind(work.secret(passwordSecret).toString(), new Volume(SECRETS + passwordSecret), AccessMode.ro);
        GenericContainer<?> container = new GenericContainer<>(
                        DockerImageName.parse(ComposeDeployment.IMAGES.get("FERRYMESH_POSTGRES_IMAGE")))
                .withNetwork(front)
                .withNetworkAliases(name)
                .withLabels(labels)
                .withEnv(Map.of(
                        "POSTGRES_USER", "ferrymesh",
                        "POSTGRES_DB", "ferrymesh",
                        "POSTGRES_PASSWORD_FILE", SECRETS + passwordSecret))
                .withTmpFs(Map.of("/run/postgresql", "mode=1777"))
                .withCreateContainerCmdModifier(create -> {
                    HostConfig unused = hostOf(create).withBinds(password).withMemory(MEMORY_BYTES);
                })
                .withLogConsumer(frame -> append(work.log(name), frame.getBytes()))
                .waitingFor(Wait.forSuccessfulCommand("pg_isready -q -h 127.0.0.1 -U ferrymesh"));
        started.add(container);
        return container;
    }

    /**
     * Makes an S3 server with the settings that a secret holds, for the image in which {@code /data} is its root; what it stores is
     * in the state of its name. The caller starts it.
     */
    GenericContainer<?> objectStore(String name, String settingsSecret) throws IOException {
        String settings = SECRETS + settingsSecret;
        List<Bind> binds = List.of(
                new Bind(work.state(name).toString(), new Volume("/data")),
                new Bind(work.secret(settingsSecret).toString(), new Volume(settings), AccessMode.ro));
        GenericContainer<?> container = new GenericContainer<>(
                        DockerImageName.parse(ComposeDeployment.IMAGES.get("FERRYMESH_S3_IMAGE")))
                .withNetwork(front)
                .withNetworkAliases(name)
                .withLabels(labels)
                .withCommand(new String[0])
                .withTmpFs(Map.of("/tmp", "mode=1777"))
                .withCreateContainerCmdModifier(create -> {
                    lockUp(create, binds);
                    CreateContainerCmd unused = create.withEntrypoint(
                            "java", "-Xmx384m", "-jar", "/opt/s3proxy/s3proxy", "--properties", settings);
                })
                .withLogConsumer(frame -> append(work.log(name), frame.getBytes()));
        started.add(container);
        return container;
    }

    /** Cuts a node off from the others, or brings it back to them; its users reach it all the time. */
    void connected(GenericContainer<?> node, String name, boolean connected) {
        String id = node.getContainerId();
        if (connected) {
            TwoNetworks.connect(network, id, name + ".cluster");
        } else {
            docker().disconnectFromNetworkCmd()
                    .withNetworkId(network.getId())
                    .withContainerId(id)
                    .exec();
        }
    }

    /** The address by which this machine reaches a node. */
    String address(GenericContainer<?> node) {
        return addressOn(front, node);
    }

    /** The address by which other members reach it. */
    String memberAddress(GenericContainer<?> node) {
        return addressOn(network, node);
    }

    /** Runs a script with iptables for a container's own network. */
    void inNetworkOf(GenericContainer<?> other, String script) {
        try (GenericContainer<?> tool = ChaosImage.container(labels, script)) {
            tool.withNetworkMode("container:" + other.getContainerId()).start();
        }
    }

    private static String addressOn(Network network, GenericContainer<?> node) {
        ContainerNetwork at =
                docker()
                        .inspectContainerCmd(node.getContainerId())
                        .exec()
                        .getNetworkSettings()
                        .getNetworks()
                        .values()
                        .stream()
                        .filter(each -> network.getId().equals(each.getNetworkID()))
                        .findFirst()
                        .orElseThrow();
        return Objects.requireNonNull(at.getIpAddress());
    }

    private static Map<String, String> clusterAt(String host, String members) {
        return Map.of(
                "FERRYMESH_CLUSTER_HOST", host,
                "FERRYMESH_CLUSTER_PORT", "5701",
                "FERRYMESH_EVENTBUS_PORT", "15701",
                "FERRYMESH_CLUSTER_MEMBERS", members,
                "FERRYMESH_LOG_LEVEL", "INFO");
    }

    /** Starts a command that shares a container's network, loopback included. */
    Run beside(GenericContainer<?> other, String name, String state, List<String> secrets, String... command)
            throws IOException {
        return run(name, "container:" + other.getContainerId(), state, Map.of(), secrets, command);
    }

    /** Starts a command that needs no network. */
    Run alone(String name, String state, Map<String, String> environment, List<String> secrets, String... command)
            throws IOException {
        return run(name, "none", state, environment, secrets, command);
    }

    /** Takes its process away; nothing of it is closed in order. */
    void kill(GenericContainer<?> container) {
        docker().killContainerCmd(container.getContainerId()).exec();
    }

    /** Starts a container that was killed once more. Its second log has what it printed from the beginning. */
    void startAgain(String name, GenericContainer<?> container) {
        docker().startContainerCmd(container.getContainerId()).exec();
        container.followOutput(frame -> append(work.log(name + "-again"), frame.getBytes()));
    }

    @Override
    public void close() {
        // Databases last, so that nobody complains of them.
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).stop();
        }
        network.close();
        front.close();
        removeLeftovers();
    }

    static DockerClient docker() {
        return DockerClientFactory.lazyClient();
    }

    private Run run(
            String name,
            String networkMode,
            String state,
            Map<String, String> environment,
            List<String> secrets,
            String... command)
            throws IOException {
        GenericContainer<?> container = container(name, state, secrets, command)
                .withEnv(environment)
                .withNetworkMode(networkMode)
                .withStartupCheckStrategy(new HoweverItEnds());
        container.start();
        return new Run(container);
    }

    private GenericContainer<?> container(String name, String state, List<String> secrets, String... command)
            throws IOException {
        return secured(new GenericContainer<>(DockerImageName.parse(image)), name, state, secrets, command);
    }

    private GenericContainer<?> secured(
            GenericContainer<?> container, String name, String state, List<String> secrets, String... command)
            throws IOException {
        List<Bind> binds = new ArrayList<>();
        binds.add(new Bind(work.state(state).toString(), new Volume(STATE)));
        for (String secret : secrets) {
            binds.add(new Bind(work.secret(secret).toString(), new Volume(SECRETS + secret), AccessMode.ro));
        }
        binds.addAll(archive.binds());
        Bind volume = volumes.get(state);
        if (volume != null) {
            binds.add(volume);
        }
        GenericContainer<?> secured = container
                .withCommand(command)
                .withLabels(labels)
                .withEnv(archive.environment())
                .withTmpFs(Map.of("/tmp", "exec,mode=1777"))
                .withCreateContainerCmdModifier(create -> lockUp(create, binds))
                .withLogConsumer(frame -> append(work.log(name), frame.getBytes()));
        started.add(secured);
        return secured;
    }

    private void lockUp(CreateContainerCmd create, List<Bind> binds) {
        HostConfig unusedHost = hostOf(create)
                .withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withMemory(MEMORY_BYTES)
                .withBinds(binds);
        CreateContainerCmd unused = create.withUser(work.user());
    }

    static HostConfig hostOf(CreateContainerCmd create) {
        HostConfig host = create.getHostConfig();
        if (host == null) {
            throw new IllegalStateException("a container without a host configuration");
        }
        return host;
    }

    private static void append(Path log, byte @Nullable [] bytes) {
        byte[] text = bytes == null ? new byte[0] : bytes;
        try {
            Path unused = Files.write(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write the log " + log + ": " + new String(text, StandardCharsets.UTF_8), e);
        }
    }

    /** What a test JVM that was killed has left, and no other checkout's. */
    private void removeLeftovers() {
        List<Container> containers = docker().listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(labels)
                .exec();
        for (Container container : containers) {
            docker().removeContainerCmd(container.getId()).withForce(true).exec();
        }
        docker().listNetworksCmd().exec().stream()
                .filter(candidate ->
                        work.toString().equals(candidate.getLabels().get(LABEL)))
                .forEach(candidate ->
                        docker().removeNetworkCmd(candidate.getId()).exec());
    }

    /** A command may have ended before anybody looks, well or not: {@link Run} tells. */
    private static final class HoweverItEnds extends StartupCheckStrategy {

        @Override
        public StartupStatus checkStartupState(DockerClient docker, String container) {
            return StartupStatus.SUCCESSFUL;
        }
    }
}
