package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.cli.user.MigrationClient;
import io.ferrymesh.cli.user.UserClient;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many migrations at once between the demo's embedded providers, as many users' clients would run them. */
class ManyMigrationsIT {

    private static final int MIGRATIONS = 30;
    private static final int OBJECTS = 50;
    private static final long GENEROUS_S = 120;

    @TempDir
    private Path directory;

    @Test
    void thirty_migrations_at_once_all_complete_with_every_byte_right() throws Exception {
        Path from = Files.createDirectory(directory.resolve("from"));
        Path to = Files.createDirectory(directory.resolve("to"));
        fill(from);
        DemoPlan plan = DemoPlan.make(Files.createDirectory(directory.resolve("work")), from, to);
        ExecutorService users = Executors.newFixedThreadPool(MIGRATIONS);
        try (EmbeddedNodes nodes = EmbeddedNodes.start(plan)) {
            UserClient leaving = plan.user(nodes.source());
            UserClient joining = plan.user(nodes.destination());
            List<Future<MigrationView>> running = new ArrayList<>();
            for (int i = 0; i < MIGRATIONS; i++) {
                String prefix = prefix(i);
                running.add(users.submit(() -> migrate(leaving, joining, prefix)));
            }
            for (Future<MigrationView> each : running) {
                MigrationView view = each.get(GENEROUS_S, TimeUnit.SECONDS);
                assertThat(view.failure()).isEmpty();
                assertThat(view.complete()).isTrue();
                assertThat(view.progress("objectsDone")).isEqualTo(OBJECTS);
            }
        } finally {
            users.shutdownNow();
        }
        for (int i = 0; i < MIGRATIONS; i++) {
            for (int j = 0; j < OBJECTS; j++) {
                String file = prefix(i) + j;
                assertThat(Files.mismatch(from.resolve(file), to.resolve(file)))
                        .as(file)
                        .isEqualTo(-1);
            }
        }
    }

    private static MigrationView migrate(UserClient leaving, UserClient joining, String prefix)
            throws IOException, InterruptedException {
        Grant grant = Grant.draw();
        new MigrationClient(leaving).grant(grant.json(), prefix, false);
        return new Migration(joining, grant).run(silent());
    }

    private static ProgressBar silent() {
        return new ProgressBar(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);
    }

    private static void fill(Path from) throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < MIGRATIONS; i++) {
            Files.createDirectories(from.resolve(prefix(i)));
            for (int j = 0; j < OBJECTS; j++) {
                byte[] content = new byte[random.nextInt(10_000)];
                random.nextBytes(content);
                Files.write(from.resolve(prefix(i) + j), content);
            }
        }
    }

    private static String prefix(int migration) {
        return "of user %02d/".formatted(migration);
    }
}
