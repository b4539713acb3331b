package io.ferrymesh.provider.node;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.PoolFigures;
import io.ferrymesh.provider.KeyCentreFigures;
import io.ferrymesh.provider.ops.Degradation;
import io.ferrymesh.provider.ops.Health;
import io.ferrymesh.provider.work.WorkFigures;
import io.ferrymesh.scheme.Usage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * How a provider stands, in numbers for who watches it, as they are when metrics are read; of which codes and states there are
 * some is seen by {@link #refresh} just before. What is not known is NaN. No label names a user, a path or an id.
 */
final class Gauges {

    /** Where the numbers come from. Each may be asked at any time and from any thread; none blocks or fails. */
    record Sources(
            Health health,
            Supplier<List<Degradation>> degraded,
            Supplier<KeyCentreFigures> centre,
            Supplier<WorkFigures> work,
            Supplier<Optional<Instant>> certificateExpires,
            Database database) {}

    private final Sources sources;
    private final MultiGauge degraded;
    private final MultiGauge migrations;
    private final MultiGauge connections;
    private final WorkGauges work;

    Gauges(MeterRegistry meters, Sources sources, WorkGauges work) {
        this.sources = sources;
        this.work = work;
        this.degraded = several(meters, "ferrymesh.provider.degraded", "what does not work, by code");
        this.migrations = several(meters, "ferrymesh.provider.migrations", "of all processes, by state");
        this.connections = several(meters, "ferrymesh.database.connections", "of this process, by pool and state");
        of(meters, "ferrymesh.provider.ready", "whether it is ready", from -> from.health.isReady() ? 1 : 0);
        for (Usage usage : List.of(Usage.KEY_AGREEMENT, Usage.SIGNING)) {
            Gauge unused = Gauge.builder("ferrymesh.provider.credentials", sources, from -> stock(from, usage))
                    .description("in stock under the key that is used first")
                    .tag("usage", usage.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
        of(
                meters,
                "ferrymesh.provider.signer.expires.at",
                "until when it can ask for more credentials",
                from -> known(from.centre.get().signerUntil()));
        of(
                meters,
                "ferrymesh.provider.bulletin.at",
                "when the newest bulletin was signed",
                from -> known(from.centre.get().bulletinAt()));
        of(
                meters,
                "ferrymesh.provider.certificate.expires.at",
                "when the TLS certificate runs out",
                from -> from.certificateExpires
                        .get()
                        .map(at -> (double) at.getEpochSecond())
                        .orElse(Double.NaN));
        ofWork(meters, "ferrymesh.provider.grants.offered", "by this process", WorkFigures::grantsOffered);
        ofWork(meters, "ferrymesh.provider.migrations.driven", "by this process", WorkFigures::migrationsDriven);
        ofWork(
                meters,
                "ferrymesh.provider.oldest.queued.seconds",
                "how long a migration has waited to be driven",
                WorkFigures::oldestQueuedSeconds);
        ofWork(
                meters,
                "ferrymesh.provider.accounts.erasing",
                "accounts that are being erased",
                WorkFigures::accountsErasing);
        ofWork(meters, "ferrymesh.provider.instances", "processes that live", WorkFigures::instances);
    }

    /** Sees which rows there are. Never blocks or fails. */
    synchronized void refresh() {
        degraded.register(
                sources.degraded.get().stream()
                        .map(Degradation::code)
                        .distinct()
                        .map(code -> Row.of(Tags.of("code", code), 1))
                        .toList(),
                true);
        List<Row<?>> states = new ArrayList<>();
        sources.work
                .get()
                .migrationsByState()
                .forEach((state, count) ->
                        states.add(Row.of(Tags.of("state", state.name().toLowerCase(Locale.ROOT)), count)));
        migrations.register(states, true);
        List<Row<?>> used = new ArrayList<>();
        sources.database.pools().forEach(pool -> {
            used.add(connections(pool, "active", pool.active()));
            used.add(connections(pool, "idle", pool.idle()));
            used.add(connections(pool, "waiting", pool.waiting()));
        });
        connections.register(used, true);
        work.refresh();
    }

    private static Row<?> connections(PoolFigures pool, String state, int count) {
        return Row.of(Tags.of("pool", pool.name(), "state", state), count);
    }

    private static double stock(Sources from, Usage usage) {
        Integer stock = from.centre.get().stock().get(usage);
        return stock == null ? Double.NaN : stock;
    }

    private static double known(OptionalLong seconds) {
        return seconds.isPresent() ? seconds.getAsLong() : Double.NaN;
    }

    private void of(MeterRegistry meters, String name, String what, ToDoubleFunction<Sources> value) {
        Gauge unused = Gauge.builder(name, sources, value).description(what).register(meters);
    }

    private void ofWork(MeterRegistry meters, String name, String what, ToDoubleFunction<WorkFigures> value) {
        of(meters, name, what, from -> value.applyAsDouble(from.work.get()));
    }

    private static MultiGauge several(MeterRegistry meters, String name, String what) {
        return MultiGauge.builder(name).description(what).register(meters);
    }
}
