package io.ferrymesh.mesh;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Options from environment variables, each checked under its own name. */
record Environment(Map<String, String> variables) {

    private static final String MEMBERS = "FERRYMESH_CLUSTER_MEMBERS";
    private static final String DNS = "FERRYMESH_CLUSTER_DNS";
    private static final BusTls.Names TLS = new BusTls.Names(
            "FERRYMESH_EVENTBUS_TLS_CERTIFICATE", "FERRYMESH_EVENTBUS_TLS_KEY", "FERRYMESH_EVENTBUS_TLS_CA");

    MeshOptions options() {
        MeshOptions otherwise = MeshOptions.builder().build();
        return new MeshOptions(
                read("FERRYMESH_CLUSTER_NAME", Environment::name),
                read("FERRYMESH_CLUSTER_XML", Environment::file),
                read("FERRYMESH_CLUSTER_HOST", Environment::host).orElse(otherwise.host()),
                publicHost(),
                read("FERRYMESH_CLUSTER_PORT", (key, value) -> OptionalInt.of(number(key, value, 1)))
                        .orElse(OptionalInt.empty()),
                members(),
                dns(),
                read("FERRYMESH_EVENTBUS_PORT", (key, value) -> number(key, value, 0))
                        .orElse(otherwise.eventBusPort()),
                eventBusTls(),
                otherwise.requestTimeoutMs(),
                otherwise.heartbeatIntervalMs(),
                otherwise.peerTimeoutMs(),
                otherwise.maxStreams(),
                otherwise.maxRequests(),
                otherwise.direct());
    }

    private <T> Optional<T> read(String key, BiFunction<String, String, T> reader) {
        return Optional.ofNullable(variables.get(key))
                .map(String::trim)
                .filter(value -> !value.isEmpty())
                .map(value -> reader.apply(key, value));
    }

    private Optional<String> publicHost() {
        Optional<String> advertised = read("FERRYMESH_CLUSTER_PUBLIC_HOST", (key, value) -> {
            OptionChecks.reachable(key, value);
            return value;
        });
        Optional<String> wildcard =
                read("FERRYMESH_CLUSTER_HOST", Environment::host).filter(OptionChecks::isWildcard);
        OptionChecks.require(
                wildcard.isEmpty() || advertised.isPresent(),
                "FERRYMESH_CLUSTER_PUBLIC_HOST",
                "none",
                "set when FERRYMESH_CLUSTER_HOST is " + wildcard.orElse("") + ", for others cannot reach that address");
        return advertised;
    }

    private List<String> members() {
        return read(MEMBERS, (key, value) -> several(value, member -> OptionChecks.member(key, member)))
                .orElse(List.of());
    }

    private List<String> dns() {
        List<String> names = read(DNS, (key, value) -> several(value, name -> OptionChecks.host(key, name)))
                .orElse(List.of());
        OptionChecks.either(DNS, names, MEMBERS, members());
        return names;
    }

    /** All three or none. */
    private Optional<BusTls> eventBusTls() {
        List<String> keys = List.of(TLS.certificate(), TLS.key(), TLS.authorities());
        List<String> missing = keys.stream()
                .filter(key -> read(key, Environment::path).isEmpty())
                .toList();
        if (missing.size() == keys.size()) {
            return Optional.empty();
        }
        OptionChecks.require(
                missing.isEmpty(),
                String.join(" and ", missing),
                "none",
                "set where another of " + String.join(", ", keys) + " is");
        return read(TLS.certificate(), Environment::path).flatMap(certificate -> read(TLS.key(), Environment::path)
                .flatMap(key -> read(TLS.authorities(), Environment::path)
                        .map(authorities -> BusTls.of(TLS, certificate, key, authorities))));
    }

    private static Path path(String key, String value) {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(key + " must be a file: " + value, e);
        }
    }

    private static String name(String key, String value) {
        OptionChecks.name(key, Optional.of(value));
        return value;
    }

    private static String host(String key, String value) {
        OptionChecks.host(key, value);
        return value;
    }

    private static Path file(String key, String value) {
        Path file = path(key, value);
        OptionChecks.require(
                Files.isReadable(file) && Files.isRegularFile(file),
                key,
                value,
                "a Hazelcast XML file that can be read");
        return file;
    }

    private static int number(String key, String value, int least) {
        OptionChecks.require(value.matches("\\d{1,9}"), key, value, "from " + least + " to 65535");
        int number = Integer.parseInt(value);
        OptionChecks.between(key, number, least, 65_535);
        return number;
    }

    private static List<String> several(String value, Consumer<String> check) {
        List<String> each =
                Arrays.stream(value.split(",", -1)).map(String::trim).toList();
        each.forEach(check);
        return each;
    }
}
