package io.ferrymesh.benchmarks.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ferrymesh.benchmarks.transfer.Machine;
import io.ferrymesh.benchmarks.transfer.Nodes;
import io.ferrymesh.benchmarks.transfer.Workplace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Very many at once. */
@Command(
        name = "load",
        description = "Asks for very many migrations, grants or objects at once, and says what came of it.",
        mixinStandardHelpOptions = true)
public final class LoadCommand {

    private static final long SAMPLE_MS = 1_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--data",
            defaultValue = "/var/tmp/ferrymesh-benchmark",
            description = "Where sources and copies go. Default: ${DEFAULT-VALUE}.")
    private Path data = Path.of("");

    @Option(names = "--keep", description = "Leave the copies and logs there.")
    private boolean keep;

    @Option(
            names = "--heap",
            defaultValue = "512",
            description = "MiB of heap of each process. Default: ${DEFAULT-VALUE}.")
    private int heap;

    @Option(names = "--json", defaultValue = "load.json", description = "Results. Default: ${DEFAULT-VALUE}.")
    private Path json = Path.of("");

    @Option(names = "--jar", description = "ferrymesh.jar. Default: the one built beside this program.")
    private @Nullable Path jar;

    @Command(description = "Many small migrations of many users between two processes of each provider.")
    int migrations(
            @Option(names = "--migrations", defaultValue = "1000", description = "Default: ${DEFAULT-VALUE}.")
                    int count,
            @Option(names = "--users", defaultValue = "20", description = "Default: ${DEFAULT-VALUE}.") int users,
            @Option(names = "--objects", defaultValue = "100", description = "Of each. Default: ${DEFAULT-VALUE}.")
                    int objects,
            @Option(
                            names = "--bytes",
                            defaultValue = "4096",
                            description = "Of each object. Default: ${DEFAULT-VALUE}.")
                    int bytes)
            throws Exception {
        require(users >= 1 && count >= users && objects >= 1 && bytes >= 0, "each must be at least 1");
        return run(
                new ManyMigrations(count, users, objects, bytes), (long) count * objects * Math.max(4_096, bytes) * 2);
    }

    @Command(description = "Grants that wait.")
    int grants(
            @Option(names = "--grants", defaultValue = "10000", description = "Default: ${DEFAULT-VALUE}.") int count,
            @Option(names = "--users", defaultValue = "10", description = "Default: ${DEFAULT-VALUE}.") int users,
            @Option(names = "--seconds", defaultValue = "60", description = "To look for. Default: ${DEFAULT-VALUE}.")
                    int seconds)
            throws Exception {
        require(users >= 1 && count >= users && seconds >= 10, "at least 1 grant a user, 10 seconds");
        return run(new WaitingGrants(count, users, Duration.ofSeconds(seconds)), 0);
    }

    @Command(description = "One migration of very many tiny objects.")
    int objects(
            @Option(names = "--objects", defaultValue = "1000000", description = "Default: ${DEFAULT-VALUE}.")
                    int count,
            @Option(names = "--bytes", defaultValue = "100", description = "Of each. Default: ${DEFAULT-VALUE}.")
                    int bytes,
            @Option(names = "--plot", defaultValue = "memory.svg", description = "Default: ${DEFAULT-VALUE}.")
                    Path plot)
            throws Exception {
        require(count >= 1 && bytes >= 0, "at least 1 object");
        return run(new ManyObjects(count, bytes, plot), (long) count * Math.max(4_096, bytes) * 2);
    }

    private int run(Scenario scenario, long bytes) throws Exception {
        require(heap >= 128, "--heap must be at least 128");
        try (Workplace workplace = Workplace.open(data, bytes + (1L << 30), keep)) {
            Map<String, Object> result = new LinkedHashMap<>(Machine.describe(workplace.source()));
            Path scratch = workplace.scratch();
            List<String> users = IntStream.rangeClosed(1, scenario.users())
                    .mapToObj(user -> "user-" + user)
                    .toList();
            try (Nodes nodes = Nodes.in(
                    scratch.resolve("nodes"),
                    Nodes.ferrymeshJar(jar),
                    new ArrayList<>(List.of("-Xmx" + heap + "m")),
                    Fleet.members(scenario.processes()))) {
                Fleet fleet =
                        new Fleet(nodes, scratch.resolve("from"), scratch.resolve("to"), users, scenario.processes());
                out().println("providers are up");
                try (Watch watch = new Watch(fleet.processes(), SAMPLE_MS)) {
                    result.putAll(scenario.run(fleet, watch, out()));
                }
            }
            result.forEach((name, value) -> out().printf("%-60s %s%n", name, value));
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(json.toFile(), result);
            return 0;
        }
    }

    private void require(boolean right, String rule) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), rule);
        }
    }

    private PrintWriter out() {
        return new PrintWriter(spec.commandLine().getOut(), true);
    }
}
