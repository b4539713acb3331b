package io.ferrymesh.benchmarks.crypto;

import io.ferrymesh.scheme.CryptoProvider;
import io.ferrymesh.scheme.LaneOpener;
import io.ferrymesh.scheme.LaneSealer;
import io.ferrymesh.scheme.ObjectHasher;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How fast a lane seals, opens and hashes in the first seconds of a JVM, before everything is compiled: a node that was
 * just started must not crawl.
 */
@Command(name = "warmup", description = "MB/s of a lane's cryptography per 100 ms, in the first 3 s of a fresh JVM.")
public final class WarmupCommand implements Callable<Integer> {

    private static final int STEPS = 30;
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--here", hidden = true, description = "Measure in this JVM.")
    private boolean here;

    private final byte[] header = new byte[16];
    private final byte[] plain = new byte[BulkBenchmark.FRAME_BYTES];
    private final byte[] sealed = new byte[BulkBenchmark.FRAME_BYTES + LaneSealer.OVERHEAD];

    @Override
    public Integer call() throws Exception {
        if (here) {
            measure(spec.commandLine().getOut());
            return 0;
        }
        for (String provider : List.of(Providers.CORRETTO, Providers.BOUNCY_CASTLE)) {
            OwnJvm.run(List.of("-D" + CryptoProvider.PROPERTY + "=" + provider), "warmup", "--here");
        }
        return 0;
    }

    private void measure(PrintWriter out) {
        SchemePair.Session session = new SchemePair().handshake();
        LaneSealer sealer = session.source().outgoing().sealer(1);
        LaneOpener opener = session.destination().incoming().opener(1);
        ObjectHasher hasher = new ObjectHasher();
        out.println(CryptoProvider.description());
        out.println("   from ms      seal      open    SHA-256   MB/s of each alone");
        for (int step = 0; step < STEPS; step++) {
            Rates rates = step(sealer, opener, hasher);
            out.printf("%10d %9.0f %9.0f %10.0f%n", step * 100, rates.seal(), rates.open(), rates.hash());
            out.flush();
        }
    }

    private record Rates(double seal, double open, double hash) {}

    private Rates step(LaneSealer sealer, LaneOpener opener, ObjectHasher hasher) {
        long end = System.nanoTime() + STEP_NANOS;
        long frames = 0;
        long sealing = 0;
        long opening = 0;
        long hashing = 0;
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            int unusedSealed = sealer.seal(header, plain, 0, plain.length, sealed, 0);
            long sealedAt = System.nanoTime();
            int unusedOpened = opener.open(header, sealed, 0, sealed.length, plain, 0);
            long openedAt = System.nanoTime();
            hasher.update(plain, 0, plain.length);
            hashing += System.nanoTime() - openedAt;
            opening += openedAt - sealedAt;
            sealing += sealedAt - start;
            frames++;
        }
        return new Rates(rate(frames, sealing), rate(frames, opening), rate(frames, hashing));
    }

    private static double rate(long frames, long nanos) {
        return frames * BulkBenchmark.FRAME_BYTES * 1_000.0 / nanos;
    }
}
