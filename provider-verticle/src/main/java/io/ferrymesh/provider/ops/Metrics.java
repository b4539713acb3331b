package io.ferrymesh.provider.ops;

import io.ferrymesh.mesh.MeshCounters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.VertxOptions;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.VertxMetrics;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a provider counts: this process, Vert.x, and what its parts add to {@link #registry}. No label holds what users bring
 * with them: no name, path, address or id of theirs.
 */
public final class Metrics implements AutoCloseable {

    /** Of the bus and of clients the labels would be addresses; what the mesh refuses is counted by {@link #count}. */
    private static final Set<MetricsDomain> NOT_MEASURED = EnumSet.of(
            MetricsDomain.EVENT_BUS,
            MetricsDomain.NET_CLIENT,
            MetricsDomain.HTTP_CLIENT,
            MetricsDomain.DATAGRAM_SOCKET,
            MetricsDomain.VERTICLES);

    private static final Set<Label> LABELS =
            EnumSet.of(Label.LOCAL, Label.HTTP_METHOD, Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME);

    /** Vert.x keeps registries by name, for the whole JVM. */
    private final String name = "ferrymesh-" + UUID.randomUUID();

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** Counts this process from now on. */
    public Metrics() {
        collections.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Where every part adds its own. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** For the Vert.x that is to be measured: its HTTP and TCP servers and its worker pools. */
    public VertxMetricsFactory ofVertx() {
        MicrometerMetricsFactory micrometer = new MicrometerMetricsFactory(registry);
        return new VertxMetricsFactory() {
            @Override
            public VertxMetrics metrics(VertxOptions options) {
                return micrometer.metrics(new VertxOptions().setMetricsOptions(newOptions()));
            }

            @Override
            public MetricsOptions newOptions() {
                MicrometerMetricsOptions options = new MicrometerMetricsOptions()
                        .setEnabled(true)
                        .setLabels(LABELS)
                        .setRegistryName(name);
                NOT_MEASURED.forEach(options::addDisabledMetricsCategory);
                return options;
            }
        };
    }

    /** Shows something as it is when metrics are read; {@code value} never blocks or fails. */
    public void show(String name, String what, Supplier<Number> value) {
        Gauge unused = Gauge.builder(name, value).description(what).register(registry);
    }

    /** Shows how often something has happened, one kind of it by a label. */
    public void count(String name, String what, String label, String kind, Supplier<Number> value) {
        FunctionCounter unused = FunctionCounter.builder(
                        name, value, from -> from.get().doubleValue())
                .description(what)
                .tag(label, kind)
                .register(registry);
    }

    /** Shows how often something took at most as long as each of these bounds; takes each time that it took, on any thread. */
    public Consumer<Duration> times(String name, String what, Duration... bounds) {
        return Timer.builder(name)
                .description(what)
                .serviceLevelObjectives(bounds)
                .register(registry)::record;
    }

    /** Shows what the mesh refused, and which ways streams took. */
    public void count(MeshCounters counters) {
        for (MeshCounters.Event event : MeshCounters.Event.values()) {
            FunctionCounter unused = FunctionCounter.builder(
                            "ferrymesh_mesh_refused", counters, from -> from.get(event))
                    .description("messages, frames and streams that the mesh did not take")
                    .tag("event", event.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        for (MeshCounters.Carried carried : MeshCounters.Carried.values()) {
            FunctionCounter unused = FunctionCounter.builder(
                            "ferrymesh_mesh_carried", counters, from -> from.get(carried))
                    .description("streams by carrier, direct connections, and what fell back to the bus")
                    .tag("what", carried.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
