package io.ferrymesh.benchmarks.crypto;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Complete mutually authenticated handshakes a second on one core, both sides' work counted together: Ferrymesh's with
 * credentials issued beforehand, and TLS 1.3 with client certificates.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@Threads(1)
public class HandshakeBenchmark {

    /** Two enrolled providers. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls what is annotated Setup
    public static class Ferrymesh {

        /** Who computes. */
        @Param({Providers.CORRETTO, Providers.BOUNCY_CASTLE})
        public String crypto = "";

        private SchemePair pair;

        /** Enrols them. */
        @Setup
        public void enrol() {
            Providers.choose(crypto);
            pair = new SchemePair();
        }
    }

    /** Two ends of a TLS connection. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls what is annotated Setup
    public static class Tls {

        /** Whose TLS, and who computes for it. */
        @Param({"JDK", "JDK_WITH_CORRETTO", "CONSCRYPT"})
        public TlsStack stack = TlsStack.JDK;

        private TlsPair pair;

        /** Makes an authority and two certificates. */
        @Setup
        public void certify() throws Exception {
            pair = TlsPair.of(stack);
        }
    }

    /** One operation is both sides of a three-message handshake. */
    @Benchmark
    public int ferrymesh(Ferrymesh ends) {
        try (SchemePair.Session session = ends.pair.handshake()) {
            return session.wireBytes();
        }
    }

    /** One operation is both sides of a full handshake, verified as {@link TlsPair#handshake} says. */
    @Benchmark
    public long tls(Tls ends) throws Exception {
        return ends.pair.handshake();
    }
}
