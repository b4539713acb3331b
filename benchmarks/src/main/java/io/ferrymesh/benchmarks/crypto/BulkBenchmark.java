package io.ferrymesh.benchmarks.crypto;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.LaneOpener;
import io.ferrymesh.scheme.LaneSealer;
import io.ferrymesh.scheme.ObjectHasher;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What every byte of a migration costs, on one core. An operation is a byte, so operations a microsecond are MB/s. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
@Threads(1)
public class BulkBenchmark {

    /** Plaintext in a frame of a data lane. */
    static final int FRAME_BYTES = 128 * 1024;

    /** One lane, both its ends. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls what is annotated Setup
    public static class Lane {

        /** Who computes. */
        @Param({Providers.CORRETTO, Providers.BOUNCY_CASTLE})
        public String crypto = "";

        final byte[] header = new byte[16];
        final byte[] plain = new byte[FRAME_BYTES];
        final byte[] sealed = new byte[FRAME_BYTES + LaneSealer.OVERHEAD];
        private LaneSealer sealer;
        private LaneOpener opener;

        /** Agrees on a key. */
        @Setup
        public void agree() {
            Providers.choose(crypto);
            SchemePair.Session session = new SchemePair().handshake();
            sealer = session.source().outgoing().sealer(1);
            opener = session.destination().incoming().opener(1);
        }

        int seal() {
            return sealer.seal(header, plain, 0, plain.length, sealed, 0);
        }

        int open() {
            return opener.open(header, sealed, 0, sealed.length, plain, 0);
        }
    }

    /** A lane with a frame to open, sealed outside the time that counts. */
    @State(Scope.Thread)
    public static class SealedLane extends Lane {

        /** Seals the next frame. */
        @Setup(Level.Invocation)
        public void next() {
            int unused = seal();
        }
    }

    /** Seals a frame. */
    @Benchmark
    @OperationsPerInvocation(FRAME_BYTES)
    public int seal(Lane lane) {
        return lane.seal();
    }

    /** Opens a frame. */
    @Benchmark
    @OperationsPerInvocation(FRAME_BYTES)
    public int open(SealedLane lane) {
        return lane.open();
    }

    /** Hashes an object of one frame, as both ends do. */
    @Benchmark
    @OperationsPerInvocation(FRAME_BYTES)
    public Digest sha256(Lane lane) {
        ObjectHasher hasher = new ObjectHasher();
        hasher.update(lane.plain, 0, lane.plain.length);
        return hasher.finish();
    }
}
