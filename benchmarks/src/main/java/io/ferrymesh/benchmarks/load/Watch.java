package io.ferrymesh.benchmarks.load;

import io.ferrymesh.benchmarks.transfer.Nodes.RunningProvider;
import io.ferrymesh.benchmarks.transfer.Proc;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at processes again and again: memory in use, heap in use after what their metrics say, CPU time. */
final class Watch implements AutoCloseable {

    private final Map<String, RunningProvider> processes;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>(); // under itself
    private final long startNanos = System.nanoTime();
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "watch");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * What one process had at a moment.
     *
     * @param seconds since the watch began
     * @param heapBytes 0 where it did not say
     */
    record Sample(double seconds, long residentBytes, long heapBytes, double cpuSeconds) {}

    Watch(Map<String, RunningProvider> processes, long everyMs) {
        this.processes = processes;
        processes.keySet().forEach(name -> samples.put(name, new ArrayList<>()));
        look();
        var unused = sampler.scheduleAtFixedRate(this::look, everyMs, everyMs, TimeUnit.MILLISECONDS);
    }

    /** Takes one sample of each now. */
    void look() {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        processes.forEach((name, running) -> {
            long pid = running.process().pid();
            Sample sample =
                    new Sample(seconds, Proc.residentBytes(pid), heap(running.management()), Proc.cpuSeconds(pid));
            synchronized (samples) {
                List<Sample> of = samples.get(name);
                if (of != null) {
                    of.add(sample);
                }
            }
        });
    }

    /** What was seen so far, by process. */
    Map<String, List<Sample>> seen() {
        Map<String, List<Sample>> copy = new LinkedHashMap<>();
        synchronized (samples) {
            samples.forEach((name, of) -> copy.put(name, List.copyOf(of)));
        }
        return copy;
    }

    private long heap(URI management) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(management.resolve("/metrics")).build();
            return http.send(request, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("jvm_memory_used_bytes{") && line.contains("area=\"heap\""))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    @Override
    public void close() {
        sampler.shutdownNow();
    }
}
