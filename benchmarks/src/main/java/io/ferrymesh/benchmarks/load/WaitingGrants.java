package io.ferrymesh.benchmarks.load;

import io.ferrymesh.benchmarks.transfer.UserApi;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Grants that nobody uses: what a source that has them costs while nothing happens, beside the same one without. */
record WaitingGrants(int grants, int users, Duration look) implements Scenario {

    private static final String SOURCE = "source 1";

    /** So that what was made for the requests themselves has gone. */
    private static final Duration REST = Duration.ofSeconds(20);

    @Override
    public int processes() {
        return 1;
    }

    @Override
    public Map<String, Object> run(Fleet fleet, Watch watch, PrintWriter out) throws Exception {
        Thread.sleep(REST.toMillis());
        Idle before = idle(watch);
        out.println("without grants: " + before);
        long began = System.nanoTime();
        for (int user = 1; user <= users; user++) {
            UserApi api = fleet.atSource("user-" + user, 0);
            for (int i = 0; i < grants / users; i++) {
                Migrations.Ask ask = Migrations.Ask.of("m" + i + "/");
                api.grant(ask.id(), ask.psk(), ask.prefix());
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        Thread.sleep(REST.toMillis());
        Idle after = idle(watch);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("grants", grants / users * users);
        result.put("seconds to make them", seconds);
        result.put("CPU share of a core without, %", 100 * before.cpu);
        result.put("CPU share of a core with, %", 100 * after.cpu);
        result.put("least heap seen without, MiB", Scenario.mebibytes(before.heap));
        result.put("least heap seen with, MiB", Scenario.mebibytes(after.heap));
        result.put("memory without, MiB", Scenario.mebibytes(before.resident));
        result.put("memory with, MiB", Scenario.mebibytes(after.resident));
        return result;
    }

    /** What the source costs while it rests: the least heap is what a collection leaves. */
    private record Idle(double cpu, long heap, long resident) {}

    private Idle idle(Watch watch) throws InterruptedException {
        int from = watch.seen().getOrDefault(SOURCE, List.of()).size();
        Thread.sleep(look.toMillis());
        List<Watch.Sample> all = watch.seen().getOrDefault(SOURCE, List.of());
        List<Watch.Sample> samples = all.subList(from, all.size());
        Watch.Sample first = samples.get(0);
        Watch.Sample last = samples.get(samples.size() - 1);
        return new Idle(
                (last.cpuSeconds() - first.cpuSeconds()) / (last.seconds() - first.seconds()),
                samples.stream().mapToLong(Watch.Sample::heapBytes).min().orElse(0),
                samples.stream().mapToLong(Watch.Sample::residentBytes).max().orElse(0));
    }
}
