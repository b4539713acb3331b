package io.ferrymesh.benchmarks.transfer;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Ferrymesh, scp and rsync on the same files, in turns. */
@Command(
        name = "transfer",
        description = "Moves the same files with Ferrymesh, scp and rsync, in turns, and compares.",
        mixinStandardHelpOptions = true)
public final class TransferCommand implements Callable<Integer> {

    /** Moved before anything is timed, several times by those that need it; each data set is moved once after them. */
    private static final List<DataSet> WARM_UPS = List.of(
            new DataSet("warm-up-large", 2, 128 << 20),
            new DataSet("warm-up-medium", 200, 1 << 20),
            new DataSet("warm-up-small", 4_000, 4 << 10));

    private static final List<DataSet> FULL = List.of(
            new DataSet("large", 1, 2L << 30),
            new DataSet("medium", 1_000, 1 << 20),
            new DataSet("small", 20_000, 4 << 10),
            new DataSet("one", 1, 4 << 10));
    private static final List<DataSet> QUICK = List.of(
            new DataSet("quick-large", 1, 256 << 20),
            new DataSet("quick-medium", 200, 1 << 20),
            new DataSet("quick-small", 4_000, 4 << 10),
            new DataSet("quick-one", 1, 4 << 10));

    private static final List<String> SETS = List.of("large", "medium", "small", "one");
    private static final List<String> CONTENDERS = List.of("direct", "bus", "scp", "rsync");

    /** The source and the last round's four; earlier ones are emptied. */
    private static final int COPIES = 5;

    /** Room for file systems' own needs, a block for the smallest file. */
    private static final long RESERVE = 1L << 30;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--runs", defaultValue = "5", description = "Rounds. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(names = "--quick", description = "One round of little data, to see that it works.")
    private boolean quick;

    @Option(
            names = "--data",
            defaultValue = "/var/tmp/ferrymesh-benchmark",
            description = "Where sources and copies go. Default: ${DEFAULT-VALUE}.")
    private Path data = Path.of("");

    @Option(names = "--only", split = ",", description = "Only these data sets: large, medium, small, one.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--contenders", split = ",", description = "Only these contenders: direct, bus, scp, rsync.")
    private List<String> onlyContenders = new ArrayList<>();

    @Option(names = "--keep", description = "Leave the copies and logs there.")
    private boolean keep;

    @Option(
            names = "--wait-for-quiet",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Before each round, wait up to so long until nobody else uses the CPU.")
    private long quietSeconds;

    @Option(names = "--json", defaultValue = "transfer.json", description = "Results. Default: ${DEFAULT-VALUE}.")
    private Path json = Path.of("");

    @Option(names = "--jar", description = "ferrymesh.jar. Default: the one built beside this program.")
    private @Nullable Path jar;

    @Option(names = "--node-option", description = "One more JVM option for Ferrymesh's nodes; may be repeated.")
    private List<String> nodeOptions = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        int rounds = quick ? 1 : runs;
        known("--only", only, SETS);
        known("--contenders", onlyContenders, CONTENDERS);
        List<DataSet> sets = chosen();
        List<DataSet> all = new ArrayList<>(WARM_UPS);
        all.addAll(sets);
        long needed = bytes(sets) * COPIES + bytes(WARM_UPS) * (1 + 2L * Ferrymesh.WARM_UPS + 2) + RESERVE;
        try (Workplace workplace = Workplace.open(data, needed, keep)) {
            Map<String, String> machine = new LinkedHashMap<>(Machine.describe(workplace.source()));
            for (DataSet set : all) {
                set.create(workplace.source());
            }
            Report report = measure(workplace, all, sets, rounds, machine);
            report.print(out());
            report.write(json);
            return 0;
        }
    }

    private Report measure(
            Workplace workplace, List<DataSet> all, List<DataSet> sets, int rounds, Map<String, String> machine)
            throws Exception {
        Path nodesDirectory = workplace.scratch().resolve("nodes");
        try (SshServer ssh = SshServer.start(workplace.scratch().resolve("ssh"));
                Nodes direct = Nodes.in(nodesDirectory.resolve("direct"), Nodes.ferrymeshJar(jar), jvmOptions());
                Nodes bus = Nodes.in(nodesDirectory.resolve("bus"), Nodes.ferrymeshJar(jar), jvmOptions())) {
            int untimed = rounds + 1;
            ToIntFunction<DataSet> lastRound = set -> WARM_UPS.contains(set) ? Ferrymesh.WARM_UPS : untimed;
            List<Ferrymesh> ferrymesh = new ArrayList<>();
            if (isChosen("direct")) {
                ferrymesh.add(Ferrymesh.start(workplace, direct, all, lastRound, true));
            }
            if (isChosen("bus")) {
                ferrymesh.add(Ferrymesh.start(workplace, bus, all, lastRound, false));
            }
            List<Process> servers = new ArrayList<>(direct.processes());
            servers.addAll(bus.processes());
            servers.add(ssh.server());
            Side client = Side.childrenBut(servers);
            List<Contender> contenders = new ArrayList<>(ferrymesh);
            if (isChosen("scp")) {
                contenders.add(new Scp(workplace, ssh, client));
            }
            if (isChosen("rsync")) {
                contenders.add(Rsync.over(ssh, client, workplace));
            }
            Rounds turns = new Rounds(workplace, contenders, new Quiet(quietSeconds), out());
            for (int round = 1; round <= Ferrymesh.WARM_UPS; round++) {
                for (DataSet set : WARM_UPS) {
                    turns.warmUp(set, round);
                }
            }
            for (DataSet set : sets) {
                turns.warmUpAndForget(set, untimed);
                turns.run(set, rounds);
            }
            ferrymesh.forEach(each -> machine.put("cryptography", each.cryptoProvider()));
            machine.put("nodes", String.join(" ", jvmOptions()));
            return new Report(machine, Summary.of(turns.samples()), turns.samples());
        }
    }

    private void known(String option, List<String> named, List<String> possible) {
        for (String name : named) {
            if (!possible.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(), option + " takes " + String.join(", ", possible) + ", and not " + name);
            }
        }
    }

    private static long bytes(List<DataSet> sets) {
        return sets.stream().mapToLong(DataSet::bytes).sum();
    }

    private List<DataSet> chosen() {
        return (quick ? QUICK : FULL)
                .stream()
                        .filter(set ->
                                only.isEmpty() || only.contains(set.name().replace("quick-", "")))
                        .toList();
    }

    private boolean isChosen(String contender) {
        return onlyContenders.isEmpty() || onlyContenders.contains(contender);
    }

    private List<String> jvmOptions() {
        List<String> options = new ArrayList<>(List.of("-Xmx256m"));
        options.addAll(nodeOptions);
        return options;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
