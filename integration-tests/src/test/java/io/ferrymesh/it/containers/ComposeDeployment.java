package io.ferrymesh.it.containers;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A copy of the directory docker, with its scripts, run as an operator would, under a project name of its own. Everything is
 * removed in the end, and before the beginning what an earlier run of this checkout has left.
 */
final class ComposeDeployment implements AutoCloseable {

    /** By variable of compose.yaml, unless the environment has others. */
    static final Map<String, String> IMAGES = images();

    private static final Duration GENEROUS = Duration.ofMinutes(6);
    private static final String EACH_ADDRESS = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";

    private final Path docker;
    private final String project;
    private final Shell shell;
    private final Map<String, String> containers = new ConcurrentHashMap<>();

    private ComposeDeployment(Path docker) {
        this.docker = docker;
        this.project = "ferrymesh-it-" + Integer.toHexString(docker.toString().hashCode());
        Map<String, String> environment = new HashMap<>(IMAGES);
        environment.putAll(Map.of(
                "COMPOSE_PROJECT_NAME",
                project,
                "FERRYMESH_IMAGE",
                Containers.IMAGE,
                "FERRYMESH_PROMETHEUS_PORT",
                "0"));
        this.shell = new Shell(docker, GENEROUS).with(environment);
    }

    /** Starts it, with docker/up. */
    static ComposeDeployment up(Path directory, String... options) throws IOException {
        Path root = Files.createDirectories(directory).toRealPath();
        ComposeDeployment deployment = new ComposeDeployment(root.resolve("docker"));
        deployment.copy(Path.of("..", "docker"));
        try {
            deployment.remove();
            String[] command =
                    Stream.concat(Stream.of("./up"), Stream.of(options)).toArray(String[]::new);
            System.out.print(deployment.shell.run(command).succeeded());
        } catch (IOException | RuntimeException e) {
            deployment.close();
            throw e;
        }
        return deployment;
    }

    /** What a script of the directory prints; it must end well. */
    String script(String name) throws IOException {
        return shell.run("./" + name).succeeded();
    }

    /** What a command of Compose prints; it must end well. */
    String compose(String... command) throws IOException {
        Stream<String> line =
                Stream.concat(Stream.of("bash", "-c", ". ./functions; compose \"$@\"", "compose"), Stream.of(command));
        return shell.run(line.toArray(String[]::new)).succeeded();
    }

    /** What the health check's own program says to a URL, asked from within a service's container. */
    String ask(String service, String url) throws IOException {
        return shell.run("docker", "exec", container(service), "java", "@/app/health.options", url)
                .output();
    }

    /** The address of a service on the only network it is on. */
    String address(String service) throws IOException {
        List<String> addresses = List.of(inspect(service, EACH_ADDRESS).strip().split(" ", -1));
        if (addresses.size() != 1) {
            throw new IllegalStateException(service + " is on several networks: " + addresses);
        }
        return addresses.get(0);
    }

    /** What docker inspect says of a service's container by a template. */
    String inspect(String service, String template) throws IOException {
        return shell.run("docker", "inspect", "--format", template, container(service))
                .succeeded()
                .strip();
    }

    /** The data of Prometheus' answer to a request, which must be a good one. */
    JsonObject prometheus(String path, Map<String, String> query) throws IOException, InterruptedException {
        StringBuilder url = new StringBuilder("http://" + address("prometheus") + ":9090/api/v1/" + path + "?");
        query.forEach(
                (name, value) -> url.append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        HttpRequest request = HttpRequest.newBuilder(URI.create(url.toString())).build();
        JsonObject answer = new JsonObject(HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body());
        if (!"success".equals(answer.getString("status"))) {
            throw new IllegalStateException(query + ": " + answer.encode());
        }
        return answer;
    }

    Path file(String name) {
        return docker.resolve(name);
    }

    @Override
    public void close() throws IOException {
        Path logs = docker.resolveSibling("logs.txt");
        // As much as there is of it: what was begun may have no more than that.
        String said = shell.run("bash", "-c", ". ./functions; compose logs --no-color")
                .output();
        Path unused = Files.writeString(logs, said);
        remove();
    }

    private String container(String service) throws IOException {
        String known = containers.get(service);
        if (known != null) {
            return known;
        }
        String id = shell.run(
                        "docker",
                        "ps",
                        "--quiet",
                        "--filter",
                        "label=com.docker.compose.project=" + project,
                        "--filter",
                        "label=com.docker.compose.service=" + service)
                .succeeded()
                .strip();
        if (id.isEmpty() || id.contains("\n")) {
            throw new IllegalStateException("not one container of " + service + ": " + id);
        }
        String unused = containers.put(service, id);
        return id;
    }

    private void remove() throws IOException {
        String unused = shell.run("./remove", "--with-all-keys").succeeded();
    }

    private void copy(Path from) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Path to = docker.resolve(from.relativize(each).toString());
                boolean own = each.endsWith(".env") || each.startsWith(from.resolve("secrets"));
                if (Files.isDirectory(each)) {
                    Path unused = own ? to : Files.createDirectories(to);
                } else if (!own) {
                    Path unused = Files.copy(
                            each, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static Map<String, String> images() {
        Map<String, String> images = new HashMap<>(Map.of(
                "FERRYMESH_POSTGRES_IMAGE", "ferrymesh-postgres:local",
                "FERRYMESH_S3_IMAGE", "ferrymesh-s3:local",
                "FERRYMESH_PROMETHEUS_IMAGE", "ferrymesh-prometheus:local"));
        images.replaceAll((variable, standIn) -> System.getenv().getOrDefault(variable, standIn));
        return Map.copyOf(images);
    }
}
