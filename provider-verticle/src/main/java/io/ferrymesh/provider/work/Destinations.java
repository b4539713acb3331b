package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.DestinationStatus;
import io.ferrymesh.provider.engine.Failure;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.engine.MigrationOrder;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.options.Bandwidth;
import io.ferrymesh.provider.options.DryRunTotals;
import io.ferrymesh.provider.options.Estimate;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.stores.ObjectStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Begins migrations that nobody drives, and writes how those go that this process drives. The work thread only, except
 * {@link #drop}.
 */
final class Destinations {

    private static final Told TOLD = new Told(LoggerFactory.getLogger(Destinations.class));

    /** Most migrations begun in one look, so that processes that start together share what there is. */
    private static final int AT_ONCE = 8;

    private final Database database;
    private final Membership membership;
    private final Psks psks;
    private final AccountStores stores;
    private final AccountNames accounts;
    private final Clock clock;
    private final Ticker ticker;
    private final WorkOptions options;
    private final Retrying retrying;
    private final Tally tally = new Tally();
    private final Map<MigrationId, Held> held = new ConcurrentHashMap<>();
    private final Map<Held, DestinationStatus> unwritten = new LinkedHashMap<>(); // that is to be written

    /** With more of them, how far they are is written half as often. */
    private static final int MANY = 100;

    /** A stop that takes longer is said. */
    private static final long LONG_STOP_MS = 60_000;

    /** A migration that this process drives. */
    private static final class Held {
        final Lease lease;
        final AccountId account;
        final Future<Void> begun;
        final long retries;
        final boolean metBefore;
        final long begunAtMs;
        final boolean mirror;
        final boolean again;
        Bandwidth bandwidth;
        OptionalLong limit;
        State state = State.CONNECTING;
        Progress written = Progress.NONE;
        long writtenAtMs;
        Progress counted = Progress.NONE;
        final Stillness still;

        @Nullable
        Failure stalled;

        @Nullable
        Future<Void> stopping;

        long stoppingSinceMs;
        boolean saidToHang;

        Held(Lease lease, Future<Void> begun, MigrationTable.Row row, OptionalLong limit, long nowMs, Stillness still) {
            this.lease = lease;
            this.account = row.account();
            this.begun = begun;
            this.retries = row.retries();
            this.metBefore = row.view().peer().isPresent();
            this.bandwidth = row.view().schedule().bandwidth();
            this.limit = limit;
            this.begunAtMs = nowMs;
            this.still = still;
            this.mirror = row.view().options().mirror();
            this.again = row.view().failure().isPresent();
        }
    }

    Destinations(
            Database database,
            Membership membership,
            Psks psks,
            AccountStores stores,
            AccountNames accounts,
            Clock clock,
            Ticker ticker,
            WorkOptions options,
            Retrying retrying) {
        this.database = database;
        this.membership = membership;
        this.psks = psks;
        this.stores = stores;
        this.accounts = accounts;
        this.clock = clock;
        this.ticker = ticker;
        this.options = options;
        this.retrying = retrying;
    }

    int held() {
        return held.size();
    }

    RunFigures runs() {
        return tally.figures();
    }

    /** For how long one has done nothing that has done nothing for longest. Any thread. */
    long longestStillMs() {
        long now = ticker.millis();
        return held.values().stream()
                .mapToLong(each -> each.still.lastsMs(now))
                .max()
                .orElse(0);
    }

    /** Looks at everything once. */
    void look(MigrationEngine engine, String instance) {
        notice(engine, instance);
        noticeChanged(instance);
        List.copyOf(held.values()).forEach(each -> follow(engine, each));
        writeProgress(engine);
        for (int left = AT_ONCE; left > 0 && hasRoom(engine); ) {
            int tried = beginNext(engine, instance, left);
            if (tried == 0) {
                return;
            }
            left -= tried;
        }
    }

    private boolean hasRoom(MigrationEngine engine) {
        return held.size() < options.maxRunning() && engine.hasRoom();
    }

    /** Begins one of each account whose turn it is; how many there were to begin, even if another process was faster. */
    private int beginNext(MigrationEngine engine, String instance, int most) {
        long now = clock.millis();
        List<MigrationQueue.Next> next = database.read(
                handle -> MigrationQueue.next(handle, now, options.maxRunningPerAccount(), mayTryAgain(), most));
        int tried = 0;
        for (MigrationQueue.Next each : next) {
            if (hasRoom(engine) && (!each.again() || mayTryAgain())) {
                database.transaction(handle -> MigrationLeases.claim(handle, instance, each.id(), now))
                        .ifPresent(row -> begin(engine, instance, row));
                tried++;
            }
        }
        return tried;
    }

    /** Whether what came to nothing before, and may again, has less than half of the places, so that the rest find some. */
    private boolean mayTryAgain() {
        long trying = held.values().stream()
                .filter(each -> each.again && each.state == State.CONNECTING)
                .count();
        return trying < Math.max(1, options.maxRunning() / 2);
    }

    /** Lets go of rows that are this process's and that it does not know of: an answer of the database was lost. */
    void reconcile(String instance) {
        List<Lease> leases = database.read(handle -> MigrationLeases.leases(handle, instance));
        leases.stream()
                .filter(lease -> {
                    Held known = held.get(lease.id());
                    return known == null || known.lease.fence() != lease.fence();
                })
                .forEach(this::release);
    }

    /** Lets go of everything: the engine does nothing under these leases afterwards. */
    Future<Void> drop(MigrationEngine engine) {
        List<Future<Void>> stops;
        synchronized (held) {
            stops = held.keySet().stream().map(id -> stop(engine, id)).toList();
            held.clear();
        }
        return stops.isEmpty() ? Future.succeededFuture() : Future.join(stops).mapEmpty();
    }

    private void begin(MigrationEngine engine, String instance, MigrationTable.Row row) {
        MigrationId id = row.view().id();
        Lease lease = new Lease(id, instance, row.fence());
        OptionalLong limit = row.view().schedule().bandwidth().at(clock.instant());
        try (Psk psk = psks.open(Objects.requireNonNull(row.psk()), Psks.Of.MIGRATION, row.account(), id)) {
            ObjectStore objects = stores.of(accounts.of(row.account()));
            MigrationOrder order = new MigrationOrder(
                    id,
                    psk,
                    objects,
                    row.view().options(),
                    limit,
                    new RunJournal(database, clock, lease, options),
                    (receipt, root) ->
                            complete(engine, lease, row.view().options().mirror(), receipt, root),
                    String.valueOf(row.account()));
            synchronized (held) {
                if (membership.is(instance)) { // or all was dropped meanwhile
                    held.put(id, held(lease, engine.begin(order), row, limit));
                }
            }
        } catch (RuntimeException e) {
            held.put(id, held(lease, Future.failedFuture(e), row, limit));
        }
    }

    private Held held(Lease lease, Future<Void> begun, MigrationTable.Row row, OptionalLong limit) {
        return new Held(lease, begun, row, limit, clock.millis(), new Stillness(ticker.millis()));
    }

    /** Called by one of the engine's workers. Whoever sees that it has completed sees all of its counts. */
    private void complete(MigrationEngine engine, Lease lease, boolean mirror, byte[] receipt, Digest root) {
        Optional<DestinationStatus> last = engine.destination(lease.id());
        Optional<Mirroring> next = mirror ? Optional.of(Mirroring.after(last)) : Optional.empty();
        if (!Journals.durably(database, handle -> {
            last.ifPresent(status -> MigrationLeases.count(handle, lease, status));
            return MigrationLeases.complete(handle, lease, receipt, root, next, clock.millis());
        })) {
            throw new MeshException(ErrorCode.CANCELLED, "the migration was cancelled");
        }
    }

    /** What users want of migrations that this process drives; what became of them elsewhere. */
    private void notice(MigrationEngine engine, String instance) {
        for (MigrationId id : database.read(handle -> MigrationLeases.signalled(handle, instance))) {
            Held stopped = held.get(id);
            if (stopped != null && stopped(engine, stopped)) {
                engine.destination(id).ifPresent(status -> count(stopped, status));
                release(stopped.lease);
                held.remove(id);
            }
        }
    }

    /** How fast users want what this process drives to be now. */
    private void noticeChanged(String instance) {
        if (database.read(handle -> MigrationTimes.anyChanged(handle, instance))) {
            database.transaction(handle -> MigrationTimes.changed(handle, instance))
                    .forEach((id, bandwidth) -> {
                        Held each = held.get(id);
                        if (each != null) {
                            each.bandwidth = bandwidth;
                        }
                    });
        }
    }

    /** Tells the engine when the timetable, or the user, says something else than before. */
    private void limit(MigrationEngine engine, Held each) {
        OptionalLong now = each.bandwidth.at(clock.instant());
        if (!now.equals(each.limit)) {
            each.limit = now;
            MigrationId id = each.lease.id();
            var unused = TOLD.failing(Level.WARN, id, "migration {} is as fast as it was", engine.limit(id, now));
        }
    }

    /** Stops what the engine does; whether it has stopped, and another process may begin. */
    private boolean stopped(MigrationEngine engine, Held each) {
        MigrationId id = each.lease.id();
        long now = ticker.millis();
        Future<Void> stopping = each.stopping;
        if (stopping == null) {
            each.stoppingSinceMs = now;
        }
        if (stopping == null || stopping.failed()) {
            stopping = stop(engine, id);
            each.stopping = stopping;
        }
        if (!stopping.succeeded() && !each.saidToHang && now - each.stoppingSinceMs > LONG_STOP_MS) {
            each.saidToHang = true;
            TOLD.say(
                    Level.WARN,
                    id,
                    "migration {} has not stopped for {} s: its store may hang; no process begins it again before",
                    id,
                    (now - each.stoppingSinceMs) / 1_000);
        }
        return stopping.succeeded();
    }

    private void follow(MigrationEngine engine, Held each) {
        if (!each.begun.isComplete()) {
            return;
        }
        Optional<DestinationStatus> status = engine.destination(each.lease.id());
        if (!isHeld(each)) {
            return; // all was dropped meanwhile, and that is why it stopped
        }
        if (each.begun.failed()) {
            ended(each, failure(each.lease.id(), each.begun.cause()), Optional.empty());
            return;
        }
        if (status.isEmpty()) {
            ended(each, new Failure(ErrorCode.UNAVAILABLE, "the engine forgot it"), Optional.empty());
            return;
        }
        Progress progress = status.get().progress();
        tally.moved(each.counted, progress);
        each.counted = progress;
        switch (status.get().state()) {
            case CONNECTING -> connecting(engine, each, status.get());
            case RUNNING -> running(engine, each, status.get());
            case COMPLETED -> completed(engine, each, status.get());
            case FAILED, CANCELLED -> {
                if (!stopped(engine, each)) {
                    return;
                }
                boolean unused = written(each, each.state, status.get(), false);
                Failure cancelled = new Failure(ErrorCode.CANCELLED, "cancelled");
                Failure why = each.stalled == null ? status.get().failure().orElse(cancelled) : each.stalled;
                ended(each, why, status);
            }
        }
    }

    private void connecting(MigrationEngine engine, Held each, DestinationStatus status) {
        each.still.note(status.progress(), engine.steps(each.lease.id()), true, ticker.millis());
        write(engine, each, State.CONNECTING, status);
        endIfStill(engine, each, status);
    }

    /** What does nothing is ended, and begun again. A limit may be too low to see anything, or be a pause of the timetable. */
    private void running(MigrationEngine engine, Held each, DestinationStatus status) {
        limit(engine, each);
        MigrationId id = each.lease.id();
        each.still.note(status.progress(), engine.steps(id), each.limit.isEmpty(), ticker.millis());
        write(engine, each, State.RUNNING, status);
        endIfStill(engine, each, status);
    }

    private void endIfStill(MigrationEngine engine, Held each, DestinationStatus status) {
        MigrationId id = each.lease.id();
        long now = ticker.millis();
        boolean wanted = each.stopping == null || each.stalled != null; // or its user stops it already
        if (!wanted || each.still.lastsMs(now) < options.stalledMs() || held.get(id) != each) {
            return;
        }
        if (each.stalled == null) {
            each.stalled = new Failure(
                    ErrorCode.PEER_LOST, "nothing happened for " + options.stalledMs() / 1_000 + " seconds");
            TOLD.say(
                    Level.WARN,
                    id,
                    "migration {} has done nothing for {} s, and is ended",
                    id,
                    options.stalledMs() / 1_000);
        }
        if (stopped(engine, each)) {
            ended(each, each.stalled, Optional.of(status));
        }
    }

    private boolean isHeld(Held each) {
        synchronized (held) { // while they are dropped it waits until they are
            return each.equals(held.get(each.lease.id()));
        }
    }

    private void write(MigrationEngine engine, Held each, State state, DestinationStatus status) {
        long now = clock.millis();
        boolean moved = state != each.state;
        long everyMs = held.size() > MANY ? 2L * options.progressMs() : options.progressMs();
        boolean due = !status.progress().equals(each.written) && now - each.writtenAtMs >= everyMs;
        if (moved) {
            wrote(engine, each, state, status, written(each, state, status, true));
        } else if (due) {
            unwritten.put(each, status);
        }
    }

    /** What has only progressed, all of it at once. */
    private void writeProgress(MigrationEngine engine) {
        Map<Held, DestinationStatus> due = new LinkedHashMap<>(unwritten);
        unwritten.clear();
        due.keySet().removeIf(each -> held.get(each.lease.id()) != each);
        if (due.isEmpty()) {
            return;
        }
        long now = clock.millis();
        Map<Held, Boolean> written = database.transaction(handle -> {
            Map<Held, Boolean> all = new LinkedHashMap<>();
            due.forEach((each, status) ->
                    all.put(each, MigrationLeases.update(handle, each.lease, each.state, false, status, now)));
            return all;
        });
        written.forEach((each, is) -> wrote(engine, each, each.state, Objects.requireNonNull(due.get(each)), is));
    }

    private void wrote(MigrationEngine engine, Held each, State state, DestinationStatus status, boolean written) {
        if (written) {
            each.state = state;
            each.written = status.progress();
            each.writtenAtMs = clock.millis();
        } else if (!database.read(handle -> MigrationLeases.holds(handle, each.lease))) {
            MigrationId id = each.lease.id();
            TOLD.say(Level.WARN, id, "migration {} goes on elsewhere", id);
            var unused = stop(engine, id);
            held.remove(id);
        }
    }

    private boolean written(Held each, State state, DestinationStatus status, boolean moved) {
        return database.transaction(
                handle -> MigrationLeases.update(handle, each.lease, state, moved, status, clock.millis()));
    }

    /** The row says so already, since the receipt came; of a dry run there is none. */
    private void completed(MigrationEngine engine, Held each, DestinationStatus status) {
        if (status.dryRun().isPresent()) {
            DryRunTotals totals = status.dryRun().get();
            DryRunTotals found = totals.with(Estimate.of(totals, engine.recentRate(), each.bandwidth, clock.instant()));
            if (!database.transaction(handle ->
                    MigrationLeases.completeDryRun(handle, each.lease, status, found, each.mirror, clock.millis()))) {
                release(each.lease); // the user wants something else of it
            }
            tally.ended(Tally.COMPLETED);
            held.remove(each.lease.id());
            return;
        }
        boolean unused = database.transaction(handle -> {
            MigrationLeases.conclude(handle, each.lease, status);
            return true;
        });
        tally.ended(Tally.COMPLETED);
        held.remove(each.lease.id());
    }

    private void count(Held each, DestinationStatus status) {
        boolean unused = database.transaction(handle -> {
            MigrationLeases.count(handle, each.lease, status);
            return true;
        });
    }

    /** Whether a run has brought or found anything. */
    private static boolean hasProgress(DestinationStatus status) {
        Progress made = status.progress();
        return made.bytesMoved() > 0 || made.objectsDone() > 0 || made.objectsAlreadyThere() > 0;
    }

    private void ended(Held each, Failure failure, Optional<DestinationStatus> last) {
        long now = clock.millis();
        MigrationId id = each.lease.id();
        boolean met = each.metBefore || last.flatMap(DestinationStatus::peer).isPresent();
        long retries = last.filter(Destinations::hasProgress).isPresent()
                ? retrying.inARow(each.retries, now - each.begunAtMs)
                : each.retries;
        boolean counts = !Retrying.isUncounted(failure.code());
        OptionalLong wait = retrying.afterMs(failure.code(), retries, met);
        boolean full = failure.code() == ErrorCode.DESTINATION_FULL;
        boolean tooLarge = full && RunJournal.NO_ROOM.equals(failure.message());
        boolean usedUp = full && !tooLarge && stores.isUsedUp(each.account);
        FailureView view = new FailureView(
                tooLarge ? FailureView.JOURNAL_FULL : failure.code().name(),
                usedUp ? "the account's space is used up" : failure.message());
        boolean written = database.transaction(handle -> {
            if (wait.isPresent()) {
                return MigrationLeases.retry(
                        handle, each.lease, view, counts ? retries + 1 : retries, now + wait.getAsLong(), now);
            }
            return full
                    ? MigrationLeases.pause(handle, each.lease, view, now)
                    : MigrationLeases.fail(handle, each.lease, view, now);
        });
        tally.ended(view.code());
        if (!written) {
            release(each.lease); // the user wants something else of it
        } else if (wait.isPresent()) {
            tally.retried(view.code());
            long ms = wait.getAsLong();
            TOLD.say(Level.INFO, id, "migration {} is begun again in {} ms: {}", id, ms, failure.code());
        } else if (full) {
            String store = usedUp ? "its account's quota is used up" : "the provider's store is full";
            String why = tooLarge ? "its account's journals are full" : store;
            TOLD.say(Level.WARN, id, "migration {} pauses: {}", id, why);
        } else { // what the message says may have a user's paths in it
            TOLD.say(Level.WARN, id, "migration {} has failed, retries: {}: {}", id, retries, failure.code());
            TOLD.say(Level.DEBUG, id, "migration {} has failed: {}", id, failure.message());
        }
        held.remove(id);
    }

    private void release(Lease lease) {
        boolean unused = database.transaction(handle -> {
            MigrationLeases.release(handle, lease);
            return true;
        });
    }

    private static Future<Void> stop(MigrationEngine engine, MigrationId id) {
        return TOLD.failing(Level.WARN, id, "migration {} does not stop", engine.stop(id));
    }

    private static Failure failure(MigrationId id, Throwable cause) {
        if (cause instanceof MeshException known) {
            return new Failure(known.code(), String.valueOf(known.getMessage()));
        }
        TOLD.trouble(Level.ERROR, id, "migration {} does not begin", cause);
        return new Failure(ErrorCode.INTERNAL, "unexpected failure");
    }
}
