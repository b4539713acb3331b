package io.ferrymesh.benchmarks.load;

import io.ferrymesh.benchmarks.transfer.KeyCentre;
import io.ferrymesh.benchmarks.transfer.Nodes;
import io.ferrymesh.benchmarks.transfer.Nodes.RunningProvider;
import io.ferrymesh.benchmarks.transfer.UserApi;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Two providers of some processes each, on files of their own, with the same users at both. */
final class Fleet {

    private static final String OLD = "old-cloud";
    private static final String NEW = "new-cloud";

    /** Nobody is held back by what one user may begin; what runs at once is as it is by default. */
    private static final Nodes.Extra SETTINGS = new Nodes.Extra(
            """
            limits: {maxLivePerAccount: 100000, maxStartsPerAccountHour: 3600000}
            credentials: {poolSize: 512, lowWater: 256}
            migrations: {maxReportObjects: 1000000000}
            """);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<RunningProvider> sources = new ArrayList<>();
    private final List<RunningProvider> destinations = new ArrayList<>();
    private final Path from;
    private final Path to;
    private final boolean oneUser;

    /** Starts everything. */
    Fleet(Nodes nodes, Path from, Path to, List<String> users, int processes) throws IOException, InterruptedException {
        this.from = from;
        this.to = to;
        this.oneUser = users.size() == 1;
        KeyCentre centre = nodes.startKgc(List.of());
        sources.add(nodes.startProvider(
                OLD, 1, centre.fingerprint(), centre.admit(http, OLD), new Nodes.Objects(from, users), SETTINGS));
        destinations.add(nodes.startProvider(
                NEW, 2, centre.fingerprint(), centre.admit(http, NEW), new Nodes.Objects(to, users), SETTINGS));
        for (int i = 1; i < processes; i++) {
            sources.add(nodes.startAnother(OLD, 1 + 2 * i, sources.get(0)));
            destinations.add(nodes.startAnother(NEW, 2 + 2 * i, destinations.get(0)));
        }
    }

    /** How many processes a fleet is, with its key centre. */
    static int members(int processes) {
        return 1 + 2 * processes;
    }

    /** A user at one of the source's processes. */
    UserApi atSource(String user, int process) throws IOException, InterruptedException {
        return UserApi.login(http, sources.get(process % sources.size()), user);
    }

    /** A user at one of the destination's processes. */
    UserApi atDestination(String user, int process) throws IOException, InterruptedException {
        return UserApi.login(http, destinations.get(process % destinations.size()), user);
    }

    /** Where the source has a user's objects; users count from 1. */
    Path leaving(int user) {
        return oneUser ? from : from.resolve(String.valueOf(user));
    }

    /** Where the destination puts them. */
    Path arriving(int user) {
        return oneUser ? to : to.resolve(String.valueOf(user));
    }

    /** Every provider's process, by name. */
    Map<String, RunningProvider> processes() {
        Map<String, RunningProvider> all = new LinkedHashMap<>();
        for (int i = 0; i < sources.size(); i++) {
            all.put("source " + (i + 1), sources.get(i));
            all.put("destination " + (i + 1), destinations.get(i));
        }
        return all;
    }
}
