package io.ferrymesh.it.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Twice as many migrations at once again and again, up to {@code -Dload.migrations}, until somebody is told to come later or the
 * slowest takes much longer than most; what that was like is in {@code target/load/report.md}.
 */
@ExtendWith(LoadCondition.class)
@NeedsImage
class LoadIT {

    private static final Path DIRECTORY = Path.of("target", "load");
    private static final int FIRST = 8;

    /** As many accounts as one address may make in a minute, and fewer. */
    private static final int USERS = 8;

    /** The load is to be limited by what the nodes can do. */
    private static final Map<String, String> NO_LIMIT_OF_AN_ACCOUNT = Map.of(
            "FERRYMESH_PROVIDER_LIMITS_MAX_RUNNING_PER_ACCOUNT", "10000",
            "FERRYMESH_PROVIDER_LIMITS_MAX_STARTS_PER_ACCOUNT_HOUR", "3600000");

    private static final int OBJECTS = 20;
    private static final long LARGEST = 200_000;
    private static final int ASKERS = 8;
    private static final double UNFAIR = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final SplittableRandom random = new SplittableRandom(13);
    private final List<ClusterUser> users = new ArrayList<>();
    private ClusterDeployment deployment;

    /** A migration and whose it is. */
    private record Begun(ClusterUser user, ClusterMove move) {

        JsonObject arrived() throws Exception {
            user.requireArrived(move, PATIENCE);
            return user.view(move);
        }
    }

    @BeforeEach
    void start() throws Exception {
        deployment = ClusterDeployment.start(DIRECTORY, 2, NO_LIMIT_OF_AN_ACCOUNT);
        for (int i = 0; i < USERS; i++) {
            users.add(new ClusterUser(deployment, "user-" + i));
        }
    }

    @AfterEach
    void stop() throws Exception {
        deployment.close();
    }

    @Test
    void all_arrive_however_many_there_are_at_once() throws Exception {
        int most = Integer.getInteger(LoadCondition.MOST);
        StringBuilder report = new StringBuilder(LoadRound.HEAD);
        String end = "No limit was found: -D%s=%d was reached.%n".formatted(LoadCondition.MOST, most);
        for (int count = FIRST; count <= most; count *= 2) {
            LoadRound round = round(count);
            report.append(round.row());
            if (round.refused() > 0 || round.unfairness() > UNFAIR) {
                end = "With %d at once somebody was told to come later, or had to wait too long.%n".formatted(count);
                break;
            }
        }
        report.append(System.lineSeparator()).append(end).append(System.lineSeparator());
        tellUse(report);
        System.out.print(report);
        Path unused = Files.writeString(DIRECTORY.resolve("report.md"), report);
    }

    private LoadRound round(int count) throws Exception {
        List<Begun> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ClusterUser user = users.get(i % USERS);
            String prefix = count + "/" + i + "/";
            all.add(new Begun(
                    user, user.write(prefix, random.longs(OBJECTS, 0, LARGEST).toArray())));
        }
        HandshakeTimes before = HandshakeTimes.of(deployment.nodes(Party.NEW));
        long refusedBefore = refused();
        beginAtOnce(all);
        List<JsonObject> views = new ArrayList<>();
        for (Begun each : all) {
            views.add(each.arrived());
        }
        assertThat(views).hasSize(count);
        return new LoadRound(
                views,
                all.stream().mapToLong(each -> each.move().objects()).sum(),
                all.stream().mapToLong(each -> each.move().bytes()).sum(),
                HandshakeTimes.of(deployment.nodes(Party.NEW)).since(before),
                refused() - refusedBefore);
    }

    private static void beginAtOnce(List<Begun> all) throws Exception {
        ExecutorService askers = Executors.newFixedThreadPool(ASKERS);
        try {
            List<Callable<Void>> asked = all.stream()
                    .map(each -> (Callable<Void>) () -> {
                        each.user().begin(each.move());
                        return null;
                    })
                    .toList();
            for (Future<Void> each : askers.invokeAll(asked)) {
                each.get();
            }
        } finally {
            List<Runnable> unused = askers.shutdownNow();
        }
    }

    /** Handshakes that were refused, and requests that were told that there are too many. */
    private long refused() throws Exception {
        double sum = 0;
        for (ClusterNode node : all()) {
            sum += node.figure("ferrymesh_engine_refused_total");
            sum += node.figure("ferrymesh_provider_api_requests_total", "status=\"429\"");
            sum += node.figure("ferrymesh_provider_api_requests_total", "status=\"503\"");
        }
        return (long) sum;
    }

    private void tellUse(StringBuilder report) throws Exception {
        report.append("| node | peak MiB | CPU s |\n|---|---|---|\n");
        for (ClusterNode node :
                Stream.concat(Stream.of(deployment.kgc()), all().stream()).toList()) {
            report.append(NodeUse.of(node).row()).append('\n');
        }
    }

    private List<ClusterNode> all() {
        return Stream.of(Party.values())
                .flatMap(party -> deployment.nodes(party).stream())
                .toList();
    }
}
