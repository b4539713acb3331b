package io.ferrymesh.it.containers;

import io.ferrymesh.it.User;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;

/** A process of a provider, or the key centre, in a container that can be hurt in every way a machine can. */
final class ClusterNode {

    private static final int API_PORT = 8443;
    private static final int MANAGEMENT_PORT = 8081;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Longer than a node gives itself. */
    private static final int LEAVE_S = 45;

    private final Containers containers;
    private final String name;
    private final GenericContainer<?> container;
    private final HttpClient http;
    private volatile boolean wanted;

    ClusterNode(Containers containers, String name, GenericContainer<?> container, HttpClient http) {
        this.containers = containers;
        this.name = name;
        this.container = container;
        this.http = http;
    }

    /** For the first time; waits until it is ready. */
    void start() {
        container.start();
        wanted = true;
    }

    String name() {
        return name;
    }

    /** Docker's id of its container. */
    String id() {
        return container.getContainerId();
    }

    /** Whether nothing was done to it that would keep it from answering. */
    boolean isUp() {
        return wanted;
    }

    /** Where its API is asked. It has another address whenever it was started again. */
    User.Door door() {
        URI api = URI.create("https://" + containers.address(container) + ":" + API_PORT);
        return new User.Door(http, api, PATIENCE);
    }

    /** As a power cut would: nothing is closed in order. */
    void kill() {
        wanted = false;
        containers.kill(container);
    }

    /** As an operator would: it leaves in order, and is gone then. */
    void stop() {
        wanted = false;
        Containers.docker().stopContainerCmd(id()).withTimeout(LEAVE_S).exec();
    }

    /** As an orchestrator would after it ended: the same container, with what it had written; waits until it is ready. */
    void startAgain() throws Exception {
        containers.startAgain(name, container);
        awaitReady();
    }

    /** Takes its container away, and what is only in that. */
    void remove() {
        stop();
        container.stop();
    }

    /** It stands still, and does not know. */
    void pause() {
        wanted = false;
        Containers.docker().pauseContainerCmd(id()).exec();
    }

    /** Goes on where it stood. */
    void unpause() {
        Containers.docker().unpauseContainerCmd(id()).exec();
        wanted = true;
    }

    /** Cuts it off from all other members; its users and its database reach it. */
    void disconnect() {
        containers.connected(container, name, false);
    }

    /** Ends that. */
    void reconnect() {
        containers.connected(container, name, true);
    }

    /** The address by which other members reach it. */
    String memberAddress() {
        return containers.memberAddress(container);
    }

    /** Runs a script with iptables for its own network. */
    void inNetwork(String script) {
        containers.inNetworkOf(container, script);
    }

    /** How many migrations go through a provider's process now. */
    double busy() throws IOException, InterruptedException {
        return figure("ferrymesh_engine_sessions") + figure("ferrymesh_provider_migrations_driven");
    }

    /** The sum of all of a provider's figures whose name begins so and that have these labels: {@code name="value"}. */
    double figure(String beginning, String... labels) throws IOException, InterruptedException {
        return figures()
                .filter(line -> line.startsWith(beginning))
                .filter(line -> Stream.of(labels).allMatch(line::contains))
                .mapToDouble(ClusterNode::value)
                .sum();
    }

    /** All figures of a provider's node, a line each. */
    Stream<String> figures() throws IOException, InterruptedException {
        URI metrics = URI.create("http://" + containers.address(container) + ":" + MANAGEMENT_PORT + "/metrics");
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(metrics).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        return answer.body().lines().filter(line -> !line.startsWith("#"));
    }

    /** The number in such a line. */
    static double value(String figure) {
        return Double.parseDouble(figure.substring(figure.lastIndexOf(' ') + 1));
    }

    /** What the kernel says of its process, a file below {@code /proc/1}. */
    String process(String file) throws Exception {
        return container.execInContainer("cat", "/proc/1/" + file).getStdout();
    }

    /** Whether its process is there. */
    boolean isRunning() {
        return container.isRunning();
    }

    /** Waits until Docker's health check, asked at once, finds it ready. */
    void awaitReady() throws Exception {
        Until.isTrue(this::isReady);
        wanted = true;
    }

    /** What its own health check says now. */
    boolean isReady() throws Exception {
        return container.isRunning()
                && container.execInContainer("java", "@/app/health.options").getExitCode() == 0;
    }
}
