package io.ferrymesh.it;

import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.KgcKeys;
import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.kgc.KgcVerticle;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.mesh.Meshes;
import io.ferrymesh.provider.KgcClient;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Pseudonym;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Two processes' worth of mesh on loopback: the key centre on one, whoever asks it on the other. */
final class KgcCluster implements AutoCloseable {

    private static final long GENEROUS_S = 60;

    final SecureRandom random = new SecureRandom();
    final Mesh kgcMesh;
    final Mesh mesh;
    final Kgc kgc;
    private final List<Integer> ports = freePorts();
    private final String name = "kgc-" + UUID.randomUUID();
    private volatile Clock clock = Clock.fixed(Instant.parse("2026-03-01T00:10:00Z"), ZoneOffset.UTC);

    KgcCluster(KgcOptions options) {
        kgcMesh = join(0);
        mesh = join(1);
        KgcVerticle verticle = new KgcVerticle(kgcMesh, KgcKeys.generate(random), options, new Moving(), random);
        String deployed = await(kgcMesh.vertx().deployVerticle(verticle));
        kgc = verticle.kgc();
        if (deployed.isEmpty()) {
            throw new IllegalStateException("the key centre was not deployed");
        }
    }

    /** A client on the other member. */
    KgcClient client() {
        return client(kgc.publicKey().fingerprint());
    }

    KgcClient client(Digest fingerprint) {
        return new KgcClient(
                mesh, fingerprint, mesh.vertx().createSharedWorkerExecutor("test", 2), new Moving(), random);
    }

    /** Moves both ends' time and has the announcements signed at the new one. */
    void advance(Duration by) {
        clock = Clock.offset(clock, by);
        kgc.revoke(Pseudonym.of(new byte[Pseudonym.LENGTH]));
    }

    Clock clock() {
        return new Moving();
    }

    long now() {
        return clock.instant().getEpochSecond();
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(GENEROUS_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MeshException failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** The code that the future fails with. */
    static ErrorCode failure(Future<?> future) {
        try {
            Object result = await(future);
            throw new AssertionError("did not fail: " + result);
        } catch (MeshException e) {
            return e.code();
        }
    }

    @Override
    public void close() {
        await(mesh.close());
        await(kgcMesh.close());
    }

    private Mesh join(int member) {
        return await(Meshes.start(MeshOptions.builder()
                .clusterName(name)
                .clusterPort(ports.get(member))
                .members(ports.stream().map(port -> "127.0.0.1:" + port).toList())
                .build()));
    }

    private static List<Integer> freePorts() {
        List<Integer> free = new ArrayList<>();
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free.add(one.getLocalPort());
            free.add(two.getLocalPort());
            return free;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cluster's time. */
    private final class Moving extends Clock {
        @Override
        public Instant instant() {
            return clock.instant();
        }

        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }
}
