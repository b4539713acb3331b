package io.ferrymesh.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.ferrymesh.cli.user.MigrationClient;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A real migration on one machine. */
@Command(
        name = "demo",
        description = "Starts a key generation centre and two providers on loopback, and moves a directory from one to"
                + " the other as a user would.",
        mixinStandardHelpOptions = true,
        footer = "%nExit status: 0 if everything arrived and was verified, 1 if not.")
final class DemoCommand implements Callable<Integer> {

    private static final long SEED = 20_260_101;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "What to move. Default: sample files made for the demo.")
    private @Nullable Path from;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Where to. Made if it is not there; what it holds already is kept. Default: a new directory.")
    private @Nullable Path to;

    @Option(names = "--processes", description = "Run every node as a JVM of its own.")
    private boolean processes;

    @Option(
            names = "--node-heap",
            paramLabel = "SIZE",
            defaultValue = "256m",
            description = "Heap of each JVM with --processes. Default: ${DEFAULT-VALUE}.")
    private String nodeHeap;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Where the demo keeps its keys, logs and the receipt. Default: a new temporary directory.")
    private @Nullable Path work;

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        quietCluster();
        DemoPlan plan = plan(out);
        out.println(processes ? "Starting three nodes, a JVM each ..." : "Starting three nodes ...");
        DemoNodes started = processes ? ProcessNodes.start(plan, nodeHeap) : EmbeddedNodes.start(plan);
        try (OnceClosed nodes = OnceClosed.of(started)) {
            return migrate(plan, nodes.nodes(), out);
        }
    }

    /** Members that leave one after the other are what a cluster warns of, and what the end of the demo looks like. */
    private static void quietCluster() {
        if (LoggerFactory.getLogger("com.hazelcast") instanceof Logger cluster) {
            cluster.setLevel(Level.ERROR);
        }
    }

    private int migrate(DemoPlan plan, DemoNodes nodes, PrintStream out) throws IOException, InterruptedException {
        Grant grant = Grant.draw();
        out.println("Migration " + grant.id() + ": the user hands both providers their share of the key.");
        new MigrationClient(plan.user(nodes.source())).grant(grant.json(), "", false);
        Migration migration = new Migration(plan.user(nodes.destination()), grant);
        MigrationView view = migration.run(new ProgressBar(out, Terminal.isOutput()));
        Path receipt = plan.work().resolve("receipt-" + grant.id() + ".bin");
        if (view.completed()) {
            migration.saveReceipt(receipt);
        }
        Summary.print(
                view,
                plan.from() + " -> " + plan.to(),
                view.completed() ? Optional.of(receipt) : Optional.empty(),
                out);
        if (view.progress("objectsFailed") + view.progress("objectsSkipped") > 0) {
            out.println();
            out.println("Failed or skipped:");
            migration.printReport(out);
        }
        return view.complete() ? 0 : 1;
    }

    private DemoPlan plan(PrintStream out) throws IOException, StoreException {
        if (from != null && to != null) {
            requireApart(existing(from), settled(to));
        }
        Path kept = work == null
                ? Files.createTempDirectory("ferrymesh-demo-")
                : Files.createDirectories(work).toRealPath();
        Path source = from == null ? sample(Files.createDirectory(kept.resolve("old-cloud")), out) : existing(from);
        Path destination = Files.createDirectories(to == null ? kept.resolve("new-cloud") : to)
                .toRealPath();
        requireApart(source, destination);
        return DemoPlan.make(kept, source, destination);
    }

    private void requireApart(Path source, Path destination) {
        if (source.startsWith(destination) || destination.startsWith(source)) {
            throw new ParameterException(
                    spec.commandLine(), "--from and --to must not lie in one another: " + source + ", " + destination);
        }
    }

    /** Where a path will be once it exists: what is there of it already is resolved, the rest is taken as it is. */
    private static Path settled(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path there = absolute;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return there == null ? absolute : there.toRealPath().resolve(there.relativize(absolute));
    }

    private Path existing(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new ParameterException(spec.commandLine(), "--from must be a directory: " + directory);
        }
        return directory.toRealPath();
    }

    private static Path sample(Path directory, PrintStream out) throws StoreException {
        out.print("Making sample files ... ");
        out.flush();
        try (ObjectStore store = DirectoryStore.open(directory)) {
            SampleFiles samples = new SampleFiles(store, SEED);
            samples.fill();
            out.println(Quantities.count(samples.files()) + " objects, " + Quantities.bytes(samples.bytes()) + " in "
                    + directory);
        }
        return directory;
    }
}
