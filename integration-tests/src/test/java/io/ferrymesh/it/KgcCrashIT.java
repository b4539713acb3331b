package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.it.CrashClients.Gone;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.mesh.Meshes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The key centre killed again and again, at moments drawn from a seed, while providers enrol and renew over the mesh and
 * operators create, revoke and rotate over the API: what it said was done is done.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KgcCrashIT {

    private static final int KILLS = Integer.getInteger("kgc.kills", 50);
    private static final long SEED = Long.getLong("kgc.kills.seed", 20_260_301L);
    /** Every so many, it is killed while it starts. */
    private static final int WHILE_STARTING = 5;
    /** Every so many, the master key is rotated too: each epoch makes starting slower. */
    private static final int WITH_ROTATION = 12;

    /** Every so many, every signature and row is verified, and not only the chain and what was acknowledged. */
    private static final int WITH_WHOLE_CHECK = 10;

    private static final int LONGEST_START_MS = 2_500;
    /** It is killed after up to so many answers, and then up to so many milliseconds. */
    private static final int MOST_ANSWERS = 15;

    private static final int LONGEST_AFTER_MS = 30;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final CountDownLatch never = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Acknowledged acknowledged = new Acknowledged();
    private CrashingCentre centre;
    private CrashClients clients;
    private Mesh mesh;

    @BeforeAll
    void begin(@TempDir Path directory) throws Exception {
        List<Integer> ports = FreePorts.take(2);
        String cluster = "crash-" + UUID.randomUUID();
        mesh = await(Meshes.start(MeshOptions.builder()
                .clusterName(cluster)
                .clusterPort(ports.get(1))
                .members(List.of("127.0.0.1:" + ports.get(0), "127.0.0.1:" + ports.get(1)))
                .requestTimeoutMs(2_000)
                .clusterXml(CrashingCentre.clusterXml(directory))
                .build()));
        centre = new CrashingCentre(directory, cluster, ports);
        clients = new CrashClients(centre, mesh, acknowledged);
    }

    @AfterAll
    void end() throws Exception {
        threads.shutdownNow();
        centre.close();
        await(mesh.close());
    }

    @Test
    void nothing_that_was_acknowledged_is_lost_however_often_it_is_killed() throws Exception {
        int again = 0;
        Process next = centre.start();
        for (int kill = 0; kill < KILLS; kill++) {
            if (kill % WHILE_STARTING == WHILE_STARTING - 1) {
                killWhileStarting(next);
            } else {
                again += killAtWork(centre.await(next), kill);
            }
            // The next one starts meanwhile.
            next = centre.start();
            acknowledged.requireIn(centre, Map.copyOf(clients.replies()));
            clients.lookUpUnanswered();
            if (kill % WITH_WHOLE_CHECK == 0) {
                Acknowledged.requireSound(centre);
            }
        }
        CrashingCentre.Running last = centre.await(next);
        clients.use(last);
        again += untilReached(clients::askAgain);
        last.kill();
        acknowledged.requireIn(centre, Map.copyOf(clients.replies()));
        Acknowledged.requireSound(centre);
        assertThat(clients.waiting()).isZero();
        assertThat(again).as("requests that were answered only when sent again").isPositive();
        assertThat(acknowledged.answers()).isGreaterThan(4 * KILLS);
    }

    private void killWhileStarting(Process process) throws Exception {
        pause(random.nextInt(LONGEST_START_MS));
        process.destroyForcibly();
        int unused = process.waitFor();
    }

    /** Returns how many requests were answered that had no answer before. */
    private int killAtWork(CrashingCentre.Running node, int kill) throws Exception {
        clients.use(node);
        int again = untilReached(clients::askAgain);
        AtomicBoolean going = new AtomicBoolean(true);
        List<Future<?>> working = new ArrayList<>();
        working.add(threads.submit(() -> repeat(going, clients::enrol)));
        for (int i = 0; i < 3; i++) {
            int which = kill + i;
            working.add(threads.submit(() -> repeat(going, () -> clients.renew(which, 1 + which % 4))));
        }
        working.add(threads.submit(() -> repeat(going, clients::revoke)));
        int answers = acknowledged.answers() + random.nextInt(MOST_ANSWERS);
        if (kill % WITH_ROTATION == 0) {
            working.add(threads.submit(() -> {
                clients.rotate();
                return true;
            }));
        }
        acknowledged.awaitAnswers(answers);
        pause(random.nextInt(LONGEST_AFTER_MS));
        node.kill();
        going.set(false);
        clients.killed();
        for (Future<?> each : working) {
            finish(each);
        }
        return again;
    }

    private static void finish(Future<?> work) throws Exception {
        try {
            Object unused = work.get(1, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof Gone)) {
                throw new AssertionError(e.getCause());
            }
        }
    }

    private interface Step {
        void go() throws Gone;
    }

    private interface Answered {
        int go() throws Gone;
    }

    /** Until the end. Calls that go to a node the mesh has not missed yet fail, and the next one is tried. */
    private boolean repeat(AtomicBoolean going, Step step) throws InterruptedException {
        while (going.get()) {
            try {
                step.go();
            } catch (Gone e) {
                pause(5);
            }
        }
        return true;
    }

    /** The mesh needs a moment to notice that the node it knew is another one now. */
    private int untilReached(Answered step) throws Exception {
        return Awaiting.until("the key centre answers", () -> {
            try {
                var unused = clients.parameters(System.currentTimeMillis() / 1_000);
                return Optional.of(step.go());
            } catch (Gone e) {
                return Optional.empty();
            }
        });
    }

    private void pause(int ms) throws InterruptedException {
        boolean unused = never.await(ms, TimeUnit.MILLISECONDS);
    }

    private static <T> T await(io.vertx.core.Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
    }
}
