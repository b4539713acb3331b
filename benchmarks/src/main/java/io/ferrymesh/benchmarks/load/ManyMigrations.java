package io.ferrymesh.benchmarks.load;

import io.ferrymesh.benchmarks.transfer.DataSet;
import io.ferrymesh.benchmarks.transfer.UserApi;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many small migrations of some users asked for at once, between two processes of each provider. */
record ManyMigrations(int migrations, int users, int objects, int objectBytes) implements Scenario {

    private static final Duration LIMIT = Duration.ofMinutes(30);

    /** So many connections ask, at either of the destination's processes. */
    private static final int ASKERS = 16;

    @Override
    public int processes() {
        return 2;
    }

    private int each() {
        return migrations / users;
    }

    @Override
    public Map<String, Object> run(Fleet fleet, Watch watch, PrintWriter out) throws Exception {
        for (int user = 1; user <= users; user++) {
            for (int i = 0; i < each(); i++) {
                new DataSet("m" + i, objects, objectBytes).create(fleet.leaving(user));
            }
        }
        out.println("data made, granting " + each() * users + " migrations");
        List<Callable<Void>> halves = new ArrayList<>();
        for (int user = 1; user <= users; user++) {
            halves.addAll(grant(fleet, user));
        }
        Collections.shuffle(halves, new Random(1)); // users come as they come
        out.println("granted, asking for all of them");
        long began = System.nanoTime();
        askAtOnce(halves);
        double asked = (System.nanoTime() - began) / 1e9;
        List<Duration> took = new ArrayList<>();
        for (int user = 1; user <= users; user++) {
            took.addAll(Migrations.await(fleet, "user-" + user, each(), LIMIT));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        long files = 0;
        for (int user = 1; user <= users; user++) {
            files += Trees.requireEqual(fleet.leaving(user), fleet.arriving(user));
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("migrations", took.size());
        result.put("users", users);
        result.put("files at the destination, each byte compared", files);
        result.put("seconds until all were asked for", asked);
        result.put("seconds until all had completed", seconds);
        result.put("from asking to completion, median, s", Migrations.quantile(took, 0.5));
        result.put("p90, s", Migrations.quantile(took, 0.9));
        result.put("slowest, s", Migrations.quantile(took, 1));
        result.put("slowest / median", Migrations.quantile(took, 1) / Migrations.quantile(took, 0.5));
        result.putAll(Scenario.use(watch));
        return result;
    }

    /** The user's half at the source, of all of a user's migrations; the other half can be asked for then. */
    private List<Callable<Void>> grant(Fleet fleet, int user) throws Exception {
        String name = "user-" + user;
        List<UserApi> sources = List.of(fleet.atSource(name, 0), fleet.atSource(name, 1));
        List<UserApi> destinations = List.of(fleet.atDestination(name, 0), fleet.atDestination(name, 1));
        List<Callable<Void>> halves = new ArrayList<>();
        for (int i = 0; i < each(); i++) {
            Migrations.Ask ask = Migrations.Ask.of("m" + i + "/");
            sources.get(i % 2).grant(ask.id(), ask.psk(), ask.prefix());
            UserApi destination = destinations.get(i % 2);
            halves.add(() -> {
                destination.migrate(ask.id(), ask.psk());
                return null;
            });
        }
        return halves;
    }

    private static void askAtOnce(List<Callable<Void>> halves) throws Exception {
        ExecutorService askers = Executors.newFixedThreadPool(ASKERS);
        try {
            for (Future<Void> asked : askers.invokeAll(halves)) {
                asked.get();
            }
        } finally {
            askers.shutdownNow();
        }
    }
}
