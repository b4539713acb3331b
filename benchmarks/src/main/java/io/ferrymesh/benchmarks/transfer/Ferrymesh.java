package io.ferrymesh.benchmarks.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * A migration between two provider nodes, timed from the user's request at the destination until the time at which, as
 * the destination's API says then, it was COMPLETED. All data sets are one user's at the source, each copy a user's of the destination.
 */
final class Ferrymesh implements Contender {

    private static final String OLD = "old-cloud";
    private static final String NEW = "new-cloud";

    /** To ask takes a provider's time, too: 50 times a second was a twentieth of what a destination does for one large file. */
    private static final long POLL_MS = 100;

    private static final long LIMIT_MINUTES = 30;

    /** Most rounds that {@link #warmUps} may need. */
    static final int WARM_UPS = 16;

    private final Workplace workplace;
    private final boolean direct;
    private static final String LEAVING = "leaving";

    /** Each copy is a user's of the destination, in the order of their numbers. */
    private final List<String> copies = new ArrayList<>();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Nodes.RunningProvider source;
    private final Nodes.RunningProvider destination;
    private String cryptoProvider = "unknown";

    private Ferrymesh(
            Workplace workplace, Nodes nodes, List<DataSet> sets, ToIntFunction<DataSet> lastRound, boolean direct)
            throws Exception {
        this.workplace = workplace;
        this.direct = direct;
        for (DataSet set : sets) {
            for (int round = 1; round <= lastRound.applyAsInt(set); round++) {
                copies.add(copy(set, round));
            }
        }
        KeyCentre centre = nodes.startKgc(List.of());
        Nodes.Objects from = new Nodes.Objects(workplace.source(), List.of(LEAVING));
        Nodes.Objects to = new Nodes.Objects(root(), copies);
        Nodes.Extra extra = direct ? Nodes.Extra.DIRECT : Nodes.Extra.NONE;
        source = nodes.startProvider(OLD, 1, centre.fingerprint(), centre.admit(http, OLD), from, extra);
        destination = nodes.startProvider(NEW, 2, centre.fingerprint(), centre.admit(http, NEW), to, extra);
    }

    /**
     * Starts the nodes, with one user at the source and one for each copy at the destination, rounds 1 to {@code lastRound} of the set.
     *
     * @param direct whether lanes take direct connections, or the bus
     */
    static Ferrymesh start(
            Workplace workplace, Nodes nodes, List<DataSet> sets, ToIntFunction<DataSet> lastRound, boolean direct)
            throws Exception {
        return new Ferrymesh(workplace, nodes, sets, lastRound, direct);
    }

    @Override
    public String name() {
        return direct ? "ferrymesh-direct" : "ferrymesh-bus";
    }

    /** The nodes' JVMs still compile after the first eight gigabytes, and a provider's node has run for longer than that. */
    @Override
    public int warmUps() {
        return WARM_UPS;
    }

    @Override
    public Path destination(DataSet data, int round) {
        int number = copies.indexOf(copy(data, round)) + 1;
        return data.in(copies.size() == 1 ? root() : root().resolve(String.valueOf(number)));
    }

    private Path root() {
        return workplace.scratch().resolve("destination").resolve(name());
    }

    private static String copy(DataSet data, int round) {
        return data.name() + "-" + round;
    }

    /** Who computed, as the destination said. */
    String cryptoProvider() {
        return cryptoProvider;
    }

    @Override
    public List<Timing> transfer(DataSet data, int round) throws IOException, InterruptedException {
        String id = Nodes.hex(16);
        String psk = Nodes.hex(32);
        UserApi there = UserApi.login(http, destination, copy(data, round));
        UserApi.login(http, source, LEAVING).grant(id, psk, data.name() + "/");
        Side from = Side.of(source.process());
        try (Meter.Running running = workplace.meter().start(from, Side.of(destination.process()))) {
            Instant asked = Instant.now();
            there.migrate(id, psk);
            Instant finished = awaitEnd(there, id);
            Meter.Reading reading = running.read().took(Duration.between(asked, finished));
            return List.of(new Timing(direct ? "Ferrymesh, direct" : "Ferrymesh, bus", true, reading));
        }
    }

    /** When it was completed, by the clock of this machine. */
    private Instant awaitEnd(UserApi api, String id) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
        while (System.nanoTime() < deadline) {
            JsonNode migration = api.migration(id);
            switch (migration.required("state").asText()) {
                case "COMPLETED" -> {
                    cryptoProvider = migration.path("cryptoProvider").asText(cryptoProvider);
                    return Instant.parse(migration.required("finishedAt").asText());
                }
                case "FAILED", "CANCELLED" -> throw new IOException("the migration ended otherwise: " + migration);
                default -> Thread.sleep(POLL_MS);
            }
        }
        throw new IOException("the migration took longer than " + LIMIT_MINUTES + " minutes");
    }
}
