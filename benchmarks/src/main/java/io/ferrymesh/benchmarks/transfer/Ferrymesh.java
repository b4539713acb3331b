package io.ferrymesh.benchmarks.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import io.ferrymesh.benchmarks.transfer.Nodes.User;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A migration between two provider nodes, timed from the user's request at the destination until the destination's API says
 * COMPLETED. Each data set is a user's of the source, each copy a user's of the destination.
 */
final class Ferrymesh implements Contender {

    private static final String OLD = "old-cloud";
    private static final String NEW = "new-cloud";
    private static final long POLL_MS = 20;
    private static final long LIMIT_MINUTES = 30;

    private final Workplace workplace;
    private final Map<String, User> sourceUsers = new LinkedHashMap<>();
    private final Map<String, User> destinationUsers = new LinkedHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Nodes.RunningProvider source;
    private final Nodes.RunningProvider destination;
    private String cryptoProvider = "unknown";

    private Ferrymesh(Workplace workplace, Nodes nodes, List<DataSet> sets, int lastRound) throws Exception {
        this.workplace = workplace;
        for (DataSet set : sets) {
            sourceUsers.put(set.name(), User.of(set.name(), set.in(workplace.source())));
            for (int round = 1; round <= lastRound; round++) {
                String name = set.name() + "-" + round;
                destinationUsers.put(name, User.of(name, destination(set, round)));
            }
        }
        KeyCentre centre = nodes.startKgc(List.of());
        source = nodes.startProvider(
                OLD, 1, centre.fingerprint(), centre.admit(http, OLD), new ArrayList<>(sourceUsers.values()));
        destination = nodes.startProvider(
                NEW, 2, centre.fingerprint(), centre.admit(http, NEW), new ArrayList<>(destinationUsers.values()));
    }

    /** Starts the nodes, with a user for each data set and for each copy of it, rounds 1 to {@code lastRound}. */
    static Ferrymesh start(Workplace workplace, Nodes nodes, List<DataSet> sets, int lastRound) throws Exception {
        return new Ferrymesh(workplace, nodes, sets, lastRound);
    }

    @Override
    public String name() {
        return "ferrymesh";
    }

    @Override
    public Path destination(DataSet data, int round) {
        return workplace.destination(name(), data, round);
    }

    /** Who computed, as the destination said. */
    String cryptoProvider() {
        return cryptoProvider;
    }

    @Override
    public List<Timing> transfer(DataSet data, int round) throws IOException, InterruptedException {
        String id = Nodes.hex(16);
        String psk = Nodes.hex(32);
        UserApi there = user(destination, destinationUsers, data.name() + "-" + round);
        user(source, sourceUsers, data.name()).grant(id, psk);
        Side from = Side.of(source.process());
        try (Meter.Running running = workplace.meter().start(from, Side.of(destination.process()))) {
            there.migrate(id, psk);
            awaitEnd(there, id);
            return List.of(new Timing("Ferrymesh, bus carrier", true, running.read()));
        }
    }

    private void awaitEnd(UserApi api, String id) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
        while (System.nanoTime() < deadline) {
            JsonNode migration = api.migration(id);
            switch (migration.required("state").asText()) {
                case "COMPLETED" -> {
                    cryptoProvider = migration.path("cryptoProvider").asText(cryptoProvider);
                    return;
                }
                case "FAILED", "CANCELLED" -> throw new IOException("the migration ended otherwise: " + migration);
                default -> Thread.sleep(POLL_MS);
            }
        }
        throw new IOException("the migration took longer than " + LIMIT_MINUTES + " minutes");
    }

    private UserApi user(Nodes.RunningProvider provider, Map<String, User> users, String name) throws IOException {
        User user = users.get(name);
        if (user == null) {
            throw new IOException("no user " + name);
        }
        return new UserApi(http, provider.api(), user.token());
    }
}
