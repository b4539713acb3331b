package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.DestinationStatus;
import io.ferrymesh.provider.engine.Failure;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.engine.MigrationOrder;
import io.ferrymesh.provider.engine.ObjectOutcome;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.stores.ObjectStore;
import io.vertx.core.Future;
import java.time.Clock;
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
    private final UserStores stores;
    private final AccountNames accounts;
    private final Clock clock;
    private final WorkOptions options;
    private final Retrying retrying;
    private final Map<MigrationId, Held> held = new ConcurrentHashMap<>();

    /** A migration that this process drives. */
    private static final class Held {
        final Lease lease;
        final Future<Void> begun;
        final long retries;
        final boolean metBefore;
        State state = State.CONNECTING;
        Progress written = Progress.NONE;
        long writtenAtMs;

        @Nullable
        Future<Void> stopping;

        Held(Lease lease, Future<Void> begun, long retries, boolean metBefore) {
            this.lease = lease;
            this.begun = begun;
            this.retries = retries;
            this.metBefore = metBefore;
        }
    }

    Destinations(
            Database database,
            Membership membership,
            Psks psks,
            UserStores stores,
            AccountNames accounts,
            Clock clock,
            WorkOptions options,
            Retrying retrying) {
        this.database = database;
        this.membership = membership;
        this.psks = psks;
        this.stores = stores;
        this.accounts = accounts;
        this.clock = clock;
        this.options = options;
        this.retrying = retrying;
    }

    int held() {
        return held.size();
    }

    /** Looks at everything once. */
    void look(MigrationEngine engine, String instance) {
        notice(engine, instance);
        List.copyOf(held.values()).forEach(each -> follow(engine, each));
        for (int begun = 0; begun < AT_ONCE && held.size() < options.maxRunning(); begun++) {
            if (!beginNext(engine, instance)) {
                return;
            }
        }
    }

    /** Whether there was one to begin, even if another process was faster. */
    private boolean beginNext(MigrationEngine engine, String instance) {
        long now = clock.millis();
        Optional<MigrationId> free =
                database.read(handle -> MigrationLeases.free(handle, now, options.maxRunningPerAccount()));
        free.flatMap(id -> database.transaction(handle -> MigrationLeases.claim(handle, instance, id, now)))
                .ifPresent(row -> begin(engine, instance, row));
        return free.isPresent();
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
        boolean metBefore = row.view().peer().isPresent();
        try (Psk psk = psks.open(Objects.requireNonNull(row.psk()), Psks.Of.MIGRATION, row.account(), id)) {
            ObjectStore objects = stores.of(accounts.of(row.account()));
            MigrationOrder order = new MigrationOrder(
                    id,
                    psk,
                    objects,
                    outcomes -> keep(lease, outcomes),
                    (receipt, root) -> complete(engine, lease, receipt, root));
            synchronized (held) {
                if (membership.is(instance)) { // or all was dropped meanwhile
                    held.put(id, new Held(lease, engine.begin(order), row.retries(), metBefore));
                }
            }
        } catch (RuntimeException e) {
            held.put(id, new Held(lease, Future.failedFuture(e), row.retries(), metBefore));
        }
    }

    /** Called by the engine's workers. */
    private void keep(Lease lease, List<ObjectOutcome> outcomes) {
        if (!Journals.durably(
                database, handle -> ReportTable.add(handle, lease, outcomes, options.maxReportObjects()))) {
            throw new MeshException(ErrorCode.CANCELLED, "another process drives the migration");
        }
    }

    /** Called by one of the engine's workers. Whoever sees that it has completed sees all of its counts. */
    private void complete(MigrationEngine engine, Lease lease, byte[] receipt, Digest root) {
        Optional<DestinationStatus> last = engine.destination(lease.id());
        if (!Journals.durably(database, handle -> {
            last.ifPresent(status -> MigrationLeases.count(handle, lease, status));
            return MigrationLeases.complete(handle, lease, receipt, root, clock.millis());
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

    /** Stops what the engine does; whether it has stopped, and another process may begin. */
    private static boolean stopped(MigrationEngine engine, Held each) {
        MigrationId id = each.lease.id();
        Future<Void> stopping = each.stopping;
        if (stopping == null || stopping.failed()) {
            stopping = stop(engine, id);
            each.stopping = stopping;
        }
        return stopping.succeeded();
    }

    private void follow(MigrationEngine engine, Held each) {
        if (!each.begun.isComplete()) {
            return;
        }
        if (each.begun.failed()) {
            ended(each, failure(each.lease.id(), each.begun.cause()), false);
            return;
        }
        Optional<DestinationStatus> status = engine.destination(each.lease.id());
        if (status.isEmpty()) {
            ended(each, new Failure(ErrorCode.UNAVAILABLE, "the engine forgot it"), false);
            return;
        }
        switch (status.get().state()) {
            case CONNECTING -> write(engine, each, State.CONNECTING, status.get());
            case RUNNING -> write(engine, each, State.RUNNING, status.get());
            case COMPLETED -> completed(each, status.get());
            case FAILED, CANCELLED -> {
                if (!stopped(engine, each)) {
                    return;
                }
                boolean unused = written(each, each.state, status.get(), false);
                Failure why = status.get().failure().orElse(new Failure(ErrorCode.CANCELLED, "cancelled"));
                ended(each, why, status.get().peer().isPresent());
            }
        }
    }

    private void write(MigrationEngine engine, Held each, State state, DestinationStatus status) {
        long now = clock.millis();
        boolean moved = state != each.state;
        boolean due = !status.progress().equals(each.written) && now - each.writtenAtMs >= options.progressMs();
        if (!moved && !due) {
            return;
        }
        if (written(each, state, status, moved)) {
            each.state = state;
            each.written = status.progress();
            each.writtenAtMs = now;
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

    /** The row says so already, since the receipt came. */
    private void completed(Held each, DestinationStatus status) {
        boolean unused = database.transaction(handle -> {
            MigrationLeases.conclude(handle, each.lease, status);
            return true;
        });
        held.remove(each.lease.id());
    }

    private void count(Held each, DestinationStatus status) {
        boolean unused = database.transaction(handle -> {
            MigrationLeases.count(handle, each.lease, status);
            return true;
        });
    }

    private void ended(Held each, Failure failure, boolean met) {
        long now = clock.millis();
        MigrationId id = each.lease.id();
        OptionalLong wait = retrying.afterMs(failure.code(), each.retries, met || each.metBefore);
        FailureView view = new FailureView(failure.code().name(), failure.message());
        boolean written = database.transaction(handle -> wait.isPresent()
                ? MigrationLeases.retry(handle, each.lease, each.retries + 1, now + wait.getAsLong(), now)
                : MigrationLeases.fail(handle, each.lease, view, now));
        if (!written) {
            release(each.lease); // the user wants something else of it
        } else if (wait.isPresent()) {
            long ms = wait.getAsLong();
            TOLD.say(Level.INFO, id, "migration {} is begun again in {} ms: {}", id, ms, failure.code());
        } else { // what the message says may have a user's paths in it
            TOLD.say(Level.WARN, id, "migration {} has failed, retries: {}: {}", id, each.retries, failure.code());
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
