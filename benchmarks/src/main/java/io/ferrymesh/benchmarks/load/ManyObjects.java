package io.ferrymesh.benchmarks.load;

import io.ferrymesh.benchmarks.transfer.DataSet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One migration of very many tiny objects: whether memory stays as it is from its first minute to its last. */
record ManyObjects(int objects, int objectBytes, Path plot) implements Scenario {

    private static final String USER = "user-1";
    private static final Duration LIMIT = Duration.ofHours(3);
    private static final double MINUTE = 60;

    @Override
    public int users() {
        return 1;
    }

    @Override
    public int processes() {
        return 1;
    }

    @Override
    public Map<String, Object> run(Fleet fleet, Watch watch, PrintWriter out) throws Exception {
        new DataSet("many", objects, objectBytes).create(fleet.leaving(1));
        out.println("data made");
        Migrations.Ask ask = Migrations.Ask.of("many/");
        watch.look();
        double from = last(watch).seconds();
        fleet.atSource(USER, 0).grant(ask.id(), ask.psk(), ask.prefix());
        fleet.atDestination(USER, 0).migrate(ask.id(), ask.psk());
        Duration took = Migrations.await(fleet, USER, 1, LIMIT).get(0);
        watch.look();
        double to = last(watch).seconds();
        long files = Trees.requireEqual(
                fleet.leaving(1).resolve("many"), fleet.arriving(1).resolve("many"));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("objects at the destination, each byte compared", files);
        result.put("seconds", took.toMillis() / 1_000.0);
        result.put("objects a second", Math.round(files * 1_000.0 / took.toMillis()));
        Map<String, List<Watch.Sample>> during = new LinkedHashMap<>();
        watch.seen()
                .forEach((name, samples) -> during.put(
                        name,
                        samples.stream()
                                .filter(sample -> sample.seconds() >= from && sample.seconds() <= to)
                                .map(sample -> new Watch.Sample(
                                        sample.seconds() - from,
                                        sample.residentBytes(),
                                        sample.heapBytes(),
                                        sample.cpuSeconds()))
                                .toList()));
        during.forEach((name, samples) -> {
            result.put(name + ", most memory in the first minute, MiB", most(samples, 0, MINUTE));
            result.put(name + ", most memory in the last minute, MiB", most(samples, to - from - MINUTE, to - from));
        });
        result.putAll(Scenario.use(watch));
        MemoryPlot.write(
                plot,
                "Memory (resident) during one migration of %,d objects of %d bytes".formatted(files, objectBytes),
                during,
                Watch.Sample::residentBytes);
        return result;
    }

    private static Watch.Sample last(Watch watch) {
        List<Watch.Sample> samples = watch.seen().values().iterator().next();
        return samples.get(samples.size() - 1);
    }

    private static long most(List<Watch.Sample> samples, double from, double to) {
        return Scenario.mebibytes(samples.stream()
                .filter(sample -> sample.seconds() >= from && sample.seconds() <= to)
                .mapToLong(Watch.Sample::residentBytes)
                .max()
                .orElse(0));
    }
}
