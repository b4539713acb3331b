package io.ferrymesh.benchmarks.issuance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.ferrymesh.benchmarks.transfer.KeyCentre;
import io.ferrymesh.benchmarks.transfer.Machine;
import io.ferrymesh.benchmarks.transfer.Nodes;
import io.ferrymesh.benchmarks.transfer.Proc;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.mesh.Meshes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Certificates a second end to end. */
@Command(
        name = "issuance",
        description =
                "Certificates a second from a key centre in a process of its own, over the bus, with SQLite and every"
                        + " commit on the disk.")
public final class IssuanceCommand implements Callable<Integer> {

    /** Quotas and rates that this program does not meet. */
    private static final List<String> GENEROUS = List.of(
            "--max-validity-seconds",
            "86400",
            "--certificates-per-epoch",
            "250000",
            "--rate-per-provider",
            "100000",
            "--burst-per-provider",
            "1000000",
            "--enrolments-per-second",
            "100000");

    private static final double WARM_UP_SECONDS = 10;
    private static final int SYNCS = 50;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--batches",
            split = ",",
            defaultValue = "1,32,256,1024",
            description = "Certificates in a request.")
    private List<Integer> batches = List.of();

    @Option(names = "--at-once", split = ",", defaultValue = "1,4,16", description = "Requests at once.")
    private List<Integer> atOnce = List.of();

    @Option(names = "--seconds", defaultValue = "5", description = "For each measurement. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--directory", defaultValue = ".", description = "Where the database is, for the time it runs.")
    private Path directory = Path.of("");

    @Option(names = "--json", defaultValue = "issuance.json", description = "Results. Default: ${DEFAULT-VALUE}.")
    private Path json = Path.of("");

    @Option(names = "--jar", description = "ferrymesh.jar. Default: the one built beside this program.")
    private @Nullable Path jar;

    /** The results as they are written. */
    private record Report(Map<String, String> machine, double syncMs, List<Cell> cells) {}

    @Override
    public Integer call() throws Exception {
        Path scratch = Files.createTempDirectory(directory, "issuance-");
        try {
            Report report = new Report(Machine.describe(scratch), syncMs(scratch), measure(scratch));
            print(report);
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), report);
            return 0;
        } finally {
            try (Stream<Path> all = Files.walk(scratch)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private List<Cell> measure(Path scratch) throws Exception {
        int most = atOnce.stream().mapToInt(Integer::intValue).max().orElse(1);
        List<Cell> cells = new ArrayList<>();
        try (Nodes nodes = Nodes.in(scratch, Nodes.ferrymeshJar(jar), List.of("-Xmx512m"))) {
            KeyCentre centre = nodes.startKgc(GENEROUS);
            Mesh mesh = join(nodes);
            try (Requesters requesters = Requesters.enrol(mesh, centre, most)) {
                List<Long> unused = requesters.ask(most, 32, WARM_UP_SECONDS);
                for (int batch : batches) {
                    for (int each : atOnce) {
                        cells.add(cell(centre, requesters, batch, each));
                    }
                }
            } finally {
                mesh.close().toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
            }
        }
        return cells;
    }

    private Cell cell(KeyCentre centre, Requesters requesters, int batch, int each) throws Exception {
        long pid = centre.process().pid();
        double cpu = Proc.cpuSeconds(pid);
        long begun = System.nanoTime();
        List<Long> nanos = requesters.ask(each, batch, seconds);
        double took = (System.nanoTime() - begun) / 1e9;
        return Cell.of(batch, each, took, Proc.cpuSeconds(pid) - cpu, nanos);
    }

    private static Mesh join(Nodes nodes) throws Exception {
        return Meshes.start(MeshOptions.builder()
                        .clusterName(nodes.cluster())
                        .clusterPort(nodes.ports().get(1))
                        .members(nodes.ports().stream()
                                .map(port -> "127.0.0.1:" + port)
                                .toList())
                        .requestTimeoutMs(60_000)
                        .build())
                .toCompletionStage()
                .toCompletableFuture()
                .get(1, TimeUnit.MINUTES);
    }

    /** What it takes this disk to keep 4 KiB: no commit can be faster. */
    private static double syncMs(Path scratch) throws IOException {
        List<Long> nanos = new ArrayList<>();
        Path file = scratch.resolve("sync");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < SYNCS; i++) {
                channel.write(ByteBuffer.allocate(4_096));
                long begun = System.nanoTime();
                channel.force(false);
                nanos.add(System.nanoTime() - begun);
            }
        }
        return nanos.stream().sorted().toList().get(SYNCS / 2) / 1e6;
    }

    private void print(Report report) {
        PrintWriter out =
                spec == null ? new PrintWriter(System.out) : spec.commandLine().getOut();
        Map<String, String> facts = new LinkedHashMap<>(report.machine());
        facts.put("sync of 4 KiB", "%.2f ms".formatted(report.syncMs()));
        facts.forEach((name, value) -> out.printf("%-14s %s%n", name, value));
        out.printf(
                "%n%8s %8s %14s %12s %10s %10s %16s %8s%n",
                "batch", "at once", "certificates/s", "requests/s", "median ms", "p99 ms", "centre ms/cert.", "cores");
        for (Cell cell : report.cells()) {
            out.printf(
                    "%8d %8d %14.0f %12.1f %10.1f %10.1f %16.3f %8.2f%n",
                    cell.batch(),
                    cell.atOnce(),
                    cell.certificatesPerSecond(),
                    cell.requestsPerSecond(),
                    cell.medianMs(),
                    cell.p99Ms(),
                    cell.centreCpuMsPerCertificate(),
                    cell.centreCores());
        }
        out.flush();
    }
}
