package io.ferrymesh.provider.node;

import io.ferrymesh.provider.work.RunFigures;
import io.ferrymesh.provider.work.UpkeepFigures;
import io.ferrymesh.provider.work.Work;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** What pages somebody of the work: what rests, waits, fails or piles up. No label names a user, a path or an id. */
final class WorkGauges {

    private static final int MILLIS = 1_000;

    private final MeterRegistry meters;
    private final Work work;
    private final MultiGauge paused;

    WorkGauges(MeterRegistry meters, Work work) {
        this.meters = meters;
        this.work = work;
        this.paused = MultiGauge.builder("ferrymesh.provider.migrations.paused")
                .description("of all processes, by reason")
                .register(meters);
        gauge(
                "without.progress.seconds",
                "the longest that a run has done nothing",
                from -> (double) from.longestStillMs() / MILLIS);
        gauge("engine.waiting.tasks", "tasks of the engine that no thread has taken", Work::waitingTasks);
        gauge("first.deadline.at", "by when the next migration is to be done", from -> {
            var at = from.upkeep().firstDeadline();
            return at.isPresent() ? at.getAsLong() : Double.NaN;
        });
        counts();
        upkeep("journal.rows", "of all journals", UpkeepFigures::journalRows);
        upkeep("kept.objects", "objects on their way that outlive their process", UpkeepFigures::keptObjects);
        upkeep("kept.bytes", "the space that those hold", UpkeepFigures::keptBytes);
        upkeep("webhook.events", "what webhooks have not been told yet", UpkeepFigures::webhookEvents);
        upkeep("webhook.oldest.seconds", "how long the oldest of those waits", UpkeepFigures::webhookOldestSeconds);
        upkeep("webhooks.failing", "webhooks whose last try failed", UpkeepFigures::webhooksFailing);
        upkeep("moves.erasing", "grants of which what has moved is still to be erased", UpkeepFigures::movesErasing);
        upkeep("moves.oldest.seconds", "for how long that is so of the oldest", UpkeepFigures::movesOldestSeconds);
        upkeep("moves.failed", "objects that have moved and could not be erased", UpkeepFigures::movesFailed);
    }

    private void counts() {
        count("objects.moved", "objects that were stored", RunFigures::objectsMoved);
        count("objects.failed", "objects that did not arrive in a run", RunFigures::objectsFailed);
        count("bytes.moved", "bytes received", RunFigures::bytesMoved);
    }

    /** Sees which codes there are. Never blocks or fails. */
    void refresh() {
        Map<String, Long> reasons = work.upkeep().pausedByReason();
        paused.register(
                reasons.entrySet().stream()
                        .map(each -> Row.of(Tags.of("reason", each.getKey().toLowerCase(Locale.ROOT)), each.getValue()))
                        .toList(),
                true);
        byCode("runs", "runs of migrations that ended, by how", RunFigures::ended);
        byCode("retries", "runs that are begun again by themselves, by code", RunFigures::retried);
    }

    private void byCode(String name, String what, Function<RunFigures, Map<String, Long>> of) {
        for (String code : of.apply(work.runs()).keySet()) { // of one that is registered nothing changes
            FunctionCounter unused = FunctionCounter.builder(
                            "ferrymesh.provider." + name, work, from -> of.apply(from.runs())
                                    .getOrDefault(code, 0L))
                    .description(what)
                    .tag("code", code.toLowerCase(Locale.ROOT))
                    .register(meters);
        }
    }

    private void count(String name, String what, ToLongFunction<RunFigures> value) {
        FunctionCounter unused = FunctionCounter.builder(
                        "ferrymesh.provider." + name, work, from -> value.applyAsLong(from.runs()))
                .description(what)
                .register(meters);
    }

    private void upkeep(String name, String what, ToLongFunction<UpkeepFigures> value) {
        gauge(name, what, from -> value.applyAsLong(from.upkeep()));
    }

    private void gauge(String name, String what, ToDoubleFunction<Work> value) {
        Gauge unused = Gauge.builder("ferrymesh.provider." + name, work, value)
                .description(what)
                .register(meters);
    }
}
