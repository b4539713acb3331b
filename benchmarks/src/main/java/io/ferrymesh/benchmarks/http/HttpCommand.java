package io.ferrymesh.benchmarks.http;

import io.ferrymesh.benchmarks.transfer.Machine;
import io.ferrymesh.benchmarks.transfer.Nodes;
import io.ferrymesh.benchmarks.transfer.Quiet;
import io.ferrymesh.benchmarks.transfer.Workplace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A provider's API: small requests, and large objects beside nginx. */
@Command(
        name = "http",
        description =
                "Asks one process of a provider for small objects at a fixed rate and as fast as it answers, and moves a"
                        + " large one up and down, in turns with nginx.",
        mixinStandardHelpOptions = true)
public final class HttpCommand implements Callable<Integer> {

    /** Less than an access token is good for. */
    private static final double MOST_SECONDS = 240;

    /** The source, and a copy each: the one before is deleted first. */
    private static final int COPIES = 3;

    private static final long RESERVE = 1L << 30;
    private static final int WARM_UP_ROUNDS = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--users", defaultValue = "4", description = "Accounts. Default: ${DEFAULT-VALUE}.")
    private int users;

    @Option(
            names = "--connections",
            defaultValue = "32",
            description = "Requests at once; each connection is one user's. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(names = "--rate", defaultValue = "500", description = "Requests a second. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "For each of the two measurements of small requests. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--warm-up", defaultValue = "30", description = "Seconds before them. Default: ${DEFAULT-VALUE}.")
    private double warmUpSeconds;

    @Option(
            names = "--size",
            defaultValue = "536870912",
            description = "Bytes of the large object. Default: ${DEFAULT-VALUE}.")
    private long size;

    @Option(names = "--rounds", defaultValue = "5", description = "Of the large object. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--data",
            defaultValue = "/var/tmp/ferrymesh-benchmark",
            description = "Where the object and its copies go. Default: ${DEFAULT-VALUE}.")
    private Path data = Path.of("");

    @Option(names = "--keep", description = "Leave the copies and logs there.")
    private boolean keep;

    @Option(
            names = "--wait-for-quiet",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Before each round, wait up to so long until nobody else uses the CPU.")
    private long quietSeconds;

    @Option(names = "--json", defaultValue = "http.json", description = "Results. Default: ${DEFAULT-VALUE}.")
    private Path json = Path.of("");

    @Option(names = "--jar", description = "ferrymesh.jar. Default: the one built beside this program.")
    private @Nullable Path jar;

    @Option(names = "--heap", defaultValue = "256m", description = "The provider's. Default: ${DEFAULT-VALUE}.")
    private String heap = "";

    @Option(names = "--node-option", description = "One more JVM option for Ferrymesh's nodes; may be repeated.")
    private List<String> nodeOptions = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        check();
        Nginx.requireInstalled();
        try (Workplace workplace = Workplace.open(data, COPIES * size + RESERVE, keep)) {
            Map<String, String> machine = new LinkedHashMap<>(Machine.describe(workplace.source()));
            machine.put("provider", String.join(" ", jvmOptions()));
            HttpReport report = measure(workplace, machine);
            report.print(out());
            report.write(json);
            return 0;
        }
    }

    private void check() {
        require(
                users >= 1 && users <= TestedProvider.MOST_USERS,
                "--users",
                "1 to " + TestedProvider.MOST_USERS,
                users);
        require(connections >= 1 && connections <= 200, "--connections", "1 to 200", connections);
        require(rate > 0, "--rate", "more than 0", rate);
        require(seconds > 0 && seconds <= MOST_SECONDS, "--seconds", "at most " + MOST_SECONDS, seconds);
        require(
                warmUpSeconds > 0 && warmUpSeconds <= MOST_SECONDS,
                "--warm-up",
                "at most " + MOST_SECONDS,
                warmUpSeconds);
        require(size > 0, "--size", "more than 0", size);
        require(rounds >= 1, "--rounds", "at least 1", rounds);
    }

    private void require(boolean so, String option, String right, Object value) {
        if (!so) {
            throw new ParameterException(spec.commandLine(), option + " must be " + right + ": " + value);
        }
    }

    private HttpReport measure(Workplace workplace, Map<String, String> machine) throws Exception {
        LargeFile file = LargeFile.create(workplace.source(), size);
        Quiet quiet = new Quiet(quietSeconds);
        try (Nginx nginx = Nginx.start(workplace.scratch().resolve("nginx"));
                Nodes nodes = Nodes.in(workplace.scratch().resolve("nodes"), Nodes.ferrymeshJar(jar), jvmOptions())) {
            TestedProvider provider =
                    TestedProvider.start(nodes, workplace.scratch().resolve("objects"), users);
            List<SmallRequests.Result> small = small(provider, workplace, quiet);
            LargeObjects large = new LargeObjects(provider, nginx, workplace, file, quiet, out());
            LargeObjects.Memory memory = large.memory();
            return HttpReport.of(machine, small, size, memory, large.run(WARM_UP_ROUNDS, rounds));
        }
    }

    private List<SmallRequests.Result> small(TestedProvider provider, Workplace workplace, Quiet quiet)
            throws Exception {
        try (SmallRequests requests = new SmallRequests(provider, workplace.meter(), connections)) {
            requests.prepare();
            say(requests.run("warm-up", 0, warmUpSeconds));
            quiet.await(out());
            SmallRequests.Result fixed = say(requests.run("%.0f a second".formatted(rate), rate, seconds));
            quiet.await(out());
            return List.of(fixed, say(requests.run("maximum", 0, seconds)));
        }
    }

    private SmallRequests.Result say(SmallRequests.Result result) {
        out().printf(
                        "%-14s %8.1f answers a second, p99 %.1f ms%n",
                        result.what(),
                        result.answersPerSecond(),
                        result.spread().p99Ms());
        out().flush();
        return result;
    }

    private List<String> jvmOptions() {
        List<String> options = new ArrayList<>(List.of("-Xmx" + heap));
        options.addAll(nodeOptions);
        return options;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
