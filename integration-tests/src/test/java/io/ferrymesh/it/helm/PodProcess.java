package io.ferrymesh.it.helm;

import com.fasterxml.jackson.databind.JsonNode;
import io.ferrymesh.mesh.BusTls;
import io.ferrymesh.mesh.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a container's program is started with, as Kubernetes puts it together, but with its files below a directory.
 *
 * @param root where the container's mounts are; paths in arguments and environment lead there
 */
record PodProcess(List<String> arguments, Map<String, String> environment, Path root) {

    /** The address of every pod. */
    static final String ADDRESS = "10.1.2.3";

    /** What the Secrets hold, by key. */
    private static final Map<String, String> SECRETS = Map.of(
            "url", "postgresql://db.example.org:5432/ferrymesh",
            "user", "ferrymesh",
            "password", "of-the-database",
            "passphrase", "long enough to be one",
            "token", "ab".repeat(32),
            "access-key", "AKIAEXAMPLE",
            "secret-key", "of-the-store",
            "key-file", "encrypted",
            "ca.crt", "a certificate");

    private static final Set<String> MEMBER = Set.of("eventbus-tls.crt", "eventbus-tls.key", "eventbus-ca.crt");

    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Z_]+)\\)");

    static PodProcess of(Rendered rendered, JsonNode container, Path root) throws IOException {
        Map<String, String> mounts = new HashMap<>();
        for (JsonNode mount : container.path("volumeMounts")) {
            String path = Yaml.at(mount, "mountPath").asText();
            mounts.put(Yaml.at(mount, "name").asText(), path);
            Path unused = Files.createDirectories(root.resolve(path.substring(1)));
        }
        for (JsonNode volume : rendered.pod().at("/spec/volumes")) {
            Optional<String> mounted =
                    Optional.ofNullable(mounts.get(volume.path("name").asText()));
            if (mounted.isPresent()) {
                fill(rendered, volume, root.resolve(mounted.get().substring(1)));
            }
        }
        Pattern mounted = Pattern.compile(mounts.values().stream()
                .map(Pattern::quote)
                .collect(Collectors.joining("|", "(?<=^|[=:])(", ")(?=/|$)")));
        Map<String, String> environment = environment(container);
        environment.replaceAll((name, value) -> moved(mounted, value, root));
        List<String> arguments = Yaml.each(container.path("args"))
                .map(argument -> moved(mounted, expanded(argument.asText(), environment), root))
                .toList();
        return new PodProcess(arguments, environment, root);
    }

    /** The same with texts changed, such as addresses. */
    PodProcess with(UnaryOperator<String> change) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.replaceAll((name, value) -> change.apply(value));
        return new PodProcess(arguments.stream().map(change).toList(), changed, root);
    }

    /** The value of an option. */
    Optional<String> option(String name) {
        return arguments.stream()
                .filter(argument -> argument.startsWith(name + "="))
                .map(argument -> argument.substring(name.length() + 1))
                .findFirst();
    }

    /** Files of Secrets and configuration that the program is told to read. */
    List<Path> files() {
        Pattern file = Pattern.compile(Pattern.quote(root.toString()) + "/(run|etc)/[^,]*");
        return Stream.concat(arguments.stream(), environment.values().stream())
                .flatMap(text -> file.matcher(text).results())
                .map(found -> Path.of(found.group()))
                .toList();
    }

    private static void fill(Rendered rendered, JsonNode volume, Path directory) throws IOException {
        for (JsonNode source : volume.at("/projected/sources")) {
            for (JsonNode item : Yaml.at(source, "secret/items")) {
                Path file = directory.resolve(Yaml.at(item, "path").asText());
                String key = Yaml.at(item, "key").asText();
                Path unused = MEMBER.contains(file.getFileName().toString())
                        ? Files.copy(member(key), file)
                        : Files.writeString(file, secret(key));
            }
        }
        if (volume.has("secret")) {
            for (String name : List.of("tls.crt", "tls.key")) {
                Path unused = Files.writeString(directory.resolve(name), name);
            }
        }
        if (volume.has("configMap")) {
            JsonNode map = rendered.named(
                    "ConfigMap", Yaml.at(volume, "configMap/name").asText());
            for (Map.Entry<String, JsonNode> file : Yaml.at(map, "data").properties()) {
                Path unused = Files.writeString(
                        directory.resolve(file.getKey()), file.getValue().asText());
            }
        }
    }

    private static Map<String, String> environment(JsonNode container) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (JsonNode variable : container.path("env")) {
            String name = Yaml.at(variable, "name").asText();
            String value = variable.has("value")
                    ? expanded(variable.path("value").asText(), environment)
                    : resolved(Yaml.at(variable, "valueFrom"));
            if (environment.put(name, value) != null) {
                throw new AssertionError(name + " is set twice");
            }
        }
        return environment;
    }

    private static String resolved(JsonNode from) {
        if (from.has("fieldRef")) {
            return switch (Yaml.at(from, "fieldRef/fieldPath").asText()) {
                case "status.podIP" -> ADDRESS;
                default -> throw new AssertionError("not known here: " + from);
            };
        }
        return secret(Yaml.at(from, "secretKeyRef/key").asText());
    }

    /** What a member proves itself with is real: the program looks at it. */
    private static Path member(String key) {
        BusTls tls = Member.TLS;
        return switch (key) {
            case "tls.crt" -> tls.certificate();
            case "tls.key" -> tls.key();
            case "ca.crt" -> tls.authorities();
            default -> throw new AssertionError("no Secret of a member has a key " + key);
        };
    }

    /** Made once, when somebody asks. */
    private static final class Member {
        static final BusTls TLS = issue();

        private static BusTls issue() {
            try {
                Path directory = Files.createTempDirectory(Path.of("target"), "member");
                return new TestAuthority(directory, "authority").tls("member");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    private static String secret(String key) {
        return Optional.ofNullable(SECRETS.get(key))
                .orElseThrow(() -> new AssertionError("no Secret has a key " + key));
    }

    /** Kubernetes leaves a reference to what was not set before as it is: nobody wants that. */
    private static String expanded(String text, Map<String, String> environment) {
        return REFERENCE
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(Optional.ofNullable(environment.get(found.group(1)))
                        .orElseThrow(() -> new AssertionError(text + " refers to what is not set before it"))));
    }

    private static String moved(Pattern mounted, String text, Path root) {
        return mounted.matcher(text).replaceAll(found -> Matcher.quoteReplacement(root + found.group(1)));
    }
}
