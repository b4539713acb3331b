package io.ferrymesh.benchmarks.crypto;

import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.CertificateInfo;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Issued;
import io.ferrymesh.scheme.Issuer;
import io.ferrymesh.scheme.KeyRequest;
import io.ferrymesh.scheme.Point;
import io.ferrymesh.scheme.SchemeVerifier;
import io.ferrymesh.scheme.Signature;
import io.ferrymesh.scheme.Usage;
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

/** The scheme's single operations a second, on one core. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
@Threads(1)
@SuppressWarnings("NullAway.Init") // JMH calls what is annotated Setup
public class SchemeBenchmark {

    /** Who computes. */
    @Param({Providers.CORRETTO, Providers.BOUNCY_CASTLE})
    public String crypto = "";

    private SchemePair pair;
    private CertificateInfo info;
    private KeyRequest request;
    private byte[] certificate = {};
    private Credential signer;
    private byte[] message = new byte[256];
    private Signature signature;

    /** Enrols a provider and signs something. */
    @Setup
    public void enrol() {
        Providers.choose(crypto);
        pair = new SchemePair();
        info = pair.info(Usage.KEY_AGREEMENT, 3);
        request = KeyRequest.random(pair.random);
        certificate = pair.source.certificate().encoded();
        signer = pair.credential(Usage.SIGNING, 3);
        signature = signer.sign(message, pair.random);
        if (!verify()) {
            throw new IllegalStateException("the signature does not verify");
        }
    }

    /** The key centre's work for one certificate. */
    @Benchmark
    public Issued issue() {
        return Issuer.issue(pair.master, info, request.publicPart(), 0, pair.random);
    }

    /** From 63 bytes to the holder's public key. */
    @Benchmark
    public Point reconstruct() {
        return Certificate.decode(certificate).publicKey(pair.kgc);
    }

    /** Signs 256 bytes. */
    @Benchmark
    public Signature sign() {
        return signer.sign(message, pair.random);
    }

    /** Verifies a signature over 256 bytes, the signer's public key reconstructed too. */
    @Benchmark
    public final boolean verify() {
        return SchemeVerifier.verify(pair.kgc, signer.certificate(), message, signature);
    }
}
