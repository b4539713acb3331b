package io.ferrymesh.it;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.kgc.KgcRuntime;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.ProviderInfo;
import io.ferrymesh.kgc.operator.RevocationInfo;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.mesh.Meshes;
import io.ferrymesh.provider.KgcClient;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.Pseudonym;
import io.vertx.core.Future;
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

/**
 * Several processes' worth of mesh on loopback: nodes of a key centre on one database, and two members that ask it. The key
 * centre's and the askers' time is one clock, which stands still until it is moved.
 */
final class KgcCluster implements AutoCloseable {

    static final String REASON = "because a test says so";

    private static final long GENEROUS_S = 60;
    private static final int ASKERS = 2;

    final SecureRandom random = new SecureRandom();
    final KgcKeyring keyring = KgcKeyring.generate(random);
    final List<LocalKgc> nodes = new ArrayList<>();
    /** Who asks the key centre. */
    final Mesh mesh;
    /** Another member. */
    final Mesh stranger;
    /** The first node's. */
    final Kgc kgc;

    private final TestDatabase databases;
    private final List<Integer> ports;
    private final String name = "kgc-" + UUID.randomUUID();
    private volatile Clock clock = Clock.fixed(Instant.parse("2026-03-01T00:10:00Z"), ZoneOffset.UTC);

    /** One node, on a SQLite file. */
    KgcCluster(KgcOptions options) {
        this(options, TestDatabase.sqlite(), 1);
    }

    /** So many nodes on one database. */
    KgcCluster(KgcOptions options, TestDatabase databases, int nodes) {
        this.databases = databases;
        this.ports = FreePorts.take(nodes + ASKERS);
        DatabaseOptions where = databases.fresh();
        KgcRuntime runtime = LocalKgc.runtime(new Moving(), random);
        LocalKgc.init(keyring, where, runtime);
        for (int i = 0; i < nodes; i++) {
            this.nodes.add(LocalKgc.node(join(i), keyring, where, options, runtime));
        }
        mesh = join(nodes);
        stranger = join(nodes + 1);
        kgc = this.nodes.get(0).kgc();
    }

    /** A provider's client on the asking member. */
    KgcClient client() {
        return new KgcClient(mesh, mesh.vertx().createSharedWorkerExecutor("test", 2), new Moving(), random);
    }

    /** What an operator of that role can do at the first node. */
    KgcOperations as(Role role) {
        return nodes.get(0).as(role);
    }

    /** A token of a new provider. */
    EnrolmentToken newToken(String provider) {
        return nodes.get(0).newToken(provider);
    }

    EnrolmentToken newToken(long provider) {
        return nodes.get(0).newToken(provider);
    }

    /** Revokes a pseudonym; the bulletin says so when this returns. */
    RevocationInfo revoke(Pseudonym pseudonym) {
        return as(Role.REVOCATION).revokePseudonym(pseudonym, REASON);
    }

    List<ProviderInfo> providers() {
        return as(Role.ENROLMENT).providers(0, KgcOperations.MAX_PAGE);
    }

    /** Moves everybody's time and has the first node sign at the new one. */
    void advance(Duration by) {
        clock = Clock.offset(clock, by);
        byte[] signed = as(Role.AUDIT).auditHead();
        if (signed.length == 0) {
            throw new IllegalStateException("nothing was signed");
        }
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
        await(stranger.close());
        nodes.forEach(node -> {
            await(node.mesh().close());
            node.close();
        });
        keyring.close();
        databases.close();
    }

    private Mesh join(int member) {
        return await(Meshes.start(MeshOptions.builder()
                .clusterName(name)
                .clusterPort(ports.get(member))
                .members(ports.stream().map(port -> "127.0.0.1:" + port).toList())
                .build()));
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
