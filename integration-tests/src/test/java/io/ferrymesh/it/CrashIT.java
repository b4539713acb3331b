package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.DatabaseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twenty migrations at a time between two providers of two processes each, while any process, the key centre's included, is
 * killed again and again: all of them complete, with every byte, and nothing that was safe is sent again. {@code
 * -Dcrash.kills=N} says how often, {@code -Dcrash.seed=S} what is drawn.
 */
class CrashIT {

    private static final int KILLS = Integer.getInteger("crash.kills", 12);
    private static final long SEED = Long.getLong("crash.seed", 20_261_123L);
    private static final int USERS = 5;
    private static final int OF_EACH = 4;

    /** How long one that was killed before may have been up when the next is; every so many, it is killed while it starts. */
    private static final int LONGEST_CALM_MS = 4_000;

    private static final int WHILE_STARTING = 5;

    private static final long GENEROUS_MINUTES = 15;

    @TempDir
    private static Path directory;

    private final CountDownLatch never = new CountDownLatch(1);
    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void every_migration_completes_and_nothing_safe_is_sent_again_whoever_is_killed() throws Exception {
        Path from = Files.createDirectory(directory.resolve("from"));
        Path to = Files.createDirectory(directory.resolve("to"));
        DatabaseOptions state = new DatabaseOptions.Sqlite(directory.resolve("destination.db"));
        ExecutorService threads = Executors.newCachedThreadPool();
        try (CrashNodes nodes = new CrashNodes(
                        Files.createDirectory(directory.resolve("nodes")),
                        Kept.directories(new DatabaseOptions.Sqlite(directory.resolve("source.db")), from),
                        Kept.directories(state, to));
                SentAgain sentAgain = new SentAgain(state)) {
            AtomicBoolean more = new AtomicBoolean(true);
            List<CrashUser> users = new ArrayList<>();
            List<Future<List<SentAgain.Again>>> moving = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                CrashUser user = new CrashUser(nodes, sentAgain, "user-" + i, from, to);
                users.add(user);
                for (int j = 0; j < OF_EACH; j++) {
                    SplittableRandom own = random.split();
                    String chain = "chain " + j;
                    moving.add(threads.submit(() -> user.moveWhile(more, own, chain)));
                }
            }
            killEveryNowAndThen(nodes);
            more.set(false);
            List<SentAgain.Again> again = new ArrayList<>();
            for (Future<List<SentAgain.Again>> each : moving) {
                again.addAll(each.get(GENEROUS_MINUTES, TimeUnit.MINUTES));
            }
            for (CrashUser user : users) {
                user.requireAll();
            }
            nodes.stop();
            requireTidy(to.resolve(".ferrymesh-staging"));
            report(nodes, again);
        } finally {
            threads.shutdownNow();
        }
    }

    private void killEveryNowAndThen(CrashNodes nodes) throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            nodes.awaitUp(kill % WHILE_STARTING == 0 ? 2 : 1);
            boolean unused = never.await(random.nextInt(LONGEST_CALM_MS), TimeUnit.MILLISECONDS);
            System.out.println("crash " + (kill + 1) + ": " + nodes.killAny(random));
        }
    }

    /** A process that dies between staging an object and saying so leaves it to be removed after two weeks; nothing else stays. */
    private static void requireTidy(Path staging) throws IOException {
        List<Path> left = List.of();
        if (Files.exists(staging)) {
            try (Stream<Path> all = Files.walk(staging)) {
                left = all.map(staging::relativize).sorted().toList();
            }
        }
        System.out.println("crash: left in staging " + left);
        assertThat(left).allMatch(path -> path.toString().isEmpty() || path.startsWith("kept"));
        assertThat(left.stream().filter(path -> path.getNameCount() == 2)).hasSizeLessThanOrEqualTo(KILLS);
    }

    private static void report(CrashNodes nodes, List<SentAgain.Again> moved) {
        long bytes = moved.stream().mapToLong(SentAgain.Again::bytes).sum();
        int runs = moved.stream().mapToInt(SentAgain.Again::runs).sum();
        long most = moved.stream().mapToLong(SentAgain.Again::bytes).max().orElse(0);
        System.out.println(
                "crash: seed %d, kills %s, %d migrations in %d runs, %.1f MB sent again, at most %.1f MB of one"
                        .formatted(SEED, nodes.kills(), moved.size(), runs, bytes / 1e6, most / 1e6));
        assertThat(nodes.kills().values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(KILLS);
        assertThat(runs).as("runs that began where another was interrupted").isGreaterThan(moved.size());
    }
}
