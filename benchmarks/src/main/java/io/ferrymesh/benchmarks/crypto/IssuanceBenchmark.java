package io.ferrymesh.benchmarks.crypto;

import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.HpkeKeyPair;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.IssuanceServer;
import io.ferrymesh.scheme.OpenedIssuance;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.TraceKey;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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

/** What a key centre computes for whole requests, on one core: no database, no bus. {@code certificates} is the rate to read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
@Threads(1)
@SuppressWarnings("NullAway.Init") // JMH calls what is annotated Setup
public class IssuanceBenchmark {

    /** Certificates in a request. */
    @Param({"1", "32", "256", "1024"})
    public int batch;

    private final TraceKey trace = TraceKey.generate(new SecureRandom());
    private SchemePair pair;
    private IssuanceServer server;
    private byte[] message = {};
    private long now;
    private long serial;

    /** Counts certificates beside requests. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Certificates {

        /** Issued. */
        public long certificates;
    }

    /** A provider's request. */
    @Setup
    public void request() {
        Providers.choose(Providers.CORRETTO);
        pair = new SchemePair();
        HpkeKeyPair keys = HpkeKeyPair.generate(pair.random);
        server = new IssuanceServer(pair.kgc, keys);
        now = Instant.now().getEpochSecond();
        Credential signer = pair.credential(Usage.SIGNING, 1);
        IssuanceClient.Order order = new IssuanceClient.Order(
                pair.kgc,
                keys.publicKey(),
                List.of(new Line(Usage.KEY_AGREEMENT, batch)),
                new Validity(now, now + 3_600),
                now);
        message = IssuanceClient.renew(order, signer, pair.random).message();
    }

    /** From a sealed request to a sealed reply. */
    @Benchmark
    public byte[] answer(Certificates counted) {
        try (OpenedIssuance opened = server.open(message, now, (pseudonym, at) -> RevocationView.Status.GOOD)) {
            List<Pseudonym> pseudonyms = new ArrayList<>(batch);
            for (int i = 0; i < batch; i++) {
                pseudonyms.add(trace.seal(1, serial++));
            }
            byte[] reply = opened.reply(opened.issue(pair.master, pseudonyms, pair.random), pair.random);
            counted.certificates += batch;
            return reply;
        }
    }
}
