package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.LogFields;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.scheme.Rendezvous;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Everything this process fetches: finds sources, authenticates, runs sessions. Any thread. */
final class DestinationEnd {

    private static final Logger LOG = LoggerFactory.getLogger(DestinationEnd.class);

    /** Migrations that run or are remembered. */
    private static final int MAX_MIGRATIONS = 10_000;

    /** How long until a source that is not there yet is looked for again. */
    private static final long RETRY_MS = 250;

    private final EngineContext engine;
    private final Pool pool;
    private final Capacity capacity;
    private final RecentRate recent;
    private final DestinationDoor door;
    private final Roster<MigrationRecord> records =
            new Roster<>(MAX_MIGRATIONS, record -> record.state().isOver());
    private final LiveSessions<DestinationSession> sessions = new LiveSessions<>();
    private final Map<MigrationRecord, DestinationSession> running = new ConcurrentHashMap<>();
    /** Runs that have not begun, and the one before each that still touches the store. */
    private final Map<MigrationRecord, Future<Void>> awaited = new ConcurrentHashMap<>();

    private final Map<MigrationRecord, Pace> paces = new ConcurrentHashMap<>();
    private volatile Consumer<Duration> listener = took -> {};

    DestinationEnd(EngineContext engine, Pool pool, Capacity capacity) {
        this.engine = engine;
        this.pool = pool;
        this.capacity = capacity;
        this.recent = new RecentRate(engine.runtime()::nanoTime);
        this.door = new DestinationDoor(engine);
    }

    /**
     * Starts a migration, or starts one again that failed, only looked, or has completed; how it goes on is in its status. Fails
     * with CONFLICT when there is one by that id that runs or was cancelled, with OVERLOADED when there are too many.
     */
    Future<Void> begin(DestinationOrder order) {
        String id = order.id().toString();
        MigrationRecord fresh = new MigrationRecord(order.id(), MigrationState.FAILED, engine.clock());
        MigrationRecord record;
        Future<Void> before;
        try {
            before = records.get(id).map(this::quiet).orElse(Future.succeededFuture());
            record = enter(id, fresh);
        } catch (MeshException e) {
            order.psk().close();
            return Future.failedFuture(e);
        }
        if (!before.isComplete()) {
            awaited.put(record, before);
            before.onComplete(quiet -> awaited.remove(record, before));
        }
        paces.put(record, new Pace(order.options().bytesPerSecond(), engine.runtime()::nanoTime, Timers.of(engine)));
        before.compose(quiet -> run(order, record)).onComplete(done -> {
            order.psk().close();
            if (done.failed()) {
                paces.remove(record);
                notStarted(record, Failures.of(done.cause(), LOG));
            }
        });
        return Future.succeededFuture();
    }

    /** Every run has a record of its own, so that what is left of one before it cannot touch it. */
    private MigrationRecord enter(String id, MigrationRecord fresh) {
        MigrationRecord present = records.enter(id, fresh);
        boolean free = present == fresh || (mayBeginAgain(present.state()) && records.replace(id, present, fresh));
        if (!free || !fresh.to(MigrationState.CONNECTING)) {
            throw new MeshException(ErrorCode.CONFLICT, "there is a migration by that id");
        }
        return fresh;
    }

    /** What has completed is begun again for what failed in it. */
    private static boolean mayBeginAgain(MigrationState state) {
        return state == MigrationState.FAILED || state == MigrationState.COMPLETED;
    }

    private static void notStarted(MigrationRecord record, MeshException failure) {
        if (record.fail(failure.code(), String.valueOf(failure.getMessage()))) {
            Level level =
                    failure.code() == ErrorCode.OVERLOADED ? Level.DEBUG : Level.INFO; // it is tried again, or said
            LOG.atLevel(level)
                    .addKeyValue(LogFields.MIGRATION, record.id())
                    .log("a migration did not start: {} ({})", failure.code(), failure.getMessage());
        }
    }

    Optional<MigrationStatus> status(String id) {
        return records.get(id).map(MigrationRecord::status);
    }

    /** Tasks of the lanes of all migrations that no thread has taken yet. */
    int waitingTasks() {
        return pool.waiting();
    }

    /** How much a migration has done so far, by no measure: as long as this is the same, nothing was done. 0 for an unknown one. */
    long steps(String id) {
        return records.get(id).map(record -> record.progress().steps()).orElse(0L);
    }

    /** Ends a migration that is not over. */
    void cancel(String id) {
        records.get(id).ifPresent(record -> {
            record.cancel();
            end(record);
            door.forget(id);
        });
    }

    /**
     * Ends what runs of a migration so that it can be begun again, here or elsewhere. Completes when nothing of it touches the
     * store any more.
     */
    Future<Void> stop(String id) {
        return records.get(id)
                .map(record -> {
                    boolean unused = record.fail(ErrorCode.CANCELLED, "stopped here");
                    end(record);
                    return quiet(record);
                })
                .orElse(Future.succeededFuture());
    }

    /** When a run that has ended touches the store no more; one that has completed has nothing left to do there. */
    private Future<Void> quiet(MigrationRecord record) {
        DestinationSession session = running.get(record);
        if (record.state() == MigrationState.COMPLETED) {
            return Future.succeededFuture();
        }
        return session == null ? awaited.getOrDefault(record, Future.succeededFuture()) : session.quiet();
    }

    /** A run whose record has ended goes no further; only one that has completed may say so to the source. */
    private void end(MigrationRecord record) {
        DestinationSession session = running.get(record);
        if (session != null && record.state() != MigrationState.COMPLETED) {
            session.fail(ErrorCode.CANCELLED, "ended here");
        }
    }

    /** Changes how fast objects of a migration that runs may come. */
    void limit(String id, OptionalLong bytesPerSecond) {
        TransferOptions.requireRate(bytesPerSecond);
        records.get(id).map(paces::get).ifPresent(pace -> pace.limit(bytesPerSecond));
    }

    /** Tells somebody of handshakes that succeed. */
    void onHandshake(Consumer<Duration> newListener) {
        listener = newListener;
    }

    /** Whether this process can fetch one migration more. */
    boolean hasRoom() {
        return capacity.hasRoomToFetch(paces.size());
    }

    /** How fast migrations came of late. */
    Optional<Throughput> recent() {
        return recent.get();
    }

    /** A source opens a lane. */
    Future<Long> opened(InboundStream stream) {
        return sessions.opened(stream);
    }

    /** Ends sessions whose source is not to be trusted any more. */
    void recheck() {
        sessions.requirePeersTrusted();
    }

    /** Wipes what is kept under keys that are retired. */
    void dropRetired() {
        door.dropRetired();
    }

    void close() {
        sessions.close();
        door.close();
    }

    private Future<Void> run(DestinationOrder order, MigrationRecord record) {
        long attempts = 1 + engine.options().connectTimeout().toMillis() / RETRY_MS;
        return resolve(order, record, attempts)
                .compose(source -> HereLook.take(order, record, pool).map(source))
                .compose(source ->
                        door.knock(source, order).compose(answered -> confirm(source, order, record, answered)));
    }

    private Future<Peer> resolve(DestinationOrder order, MigrationRecord record, long attempts) {
        if (record.state() != MigrationState.CONNECTING) {
            return Future.failedFuture(new MeshException(ErrorCode.CANCELLED, "cancelled while connecting"));
        }
        return engine.mesh()
                .rendezvous()
                .resolve(Handshakes.key(Rendezvous.address(order.psk(), order.id())))
                .map(engine.mesh()::peer)
                .recover(e -> {
                    boolean notYet = e instanceof MeshException known && known.code() == ErrorCode.GRANT_UNKNOWN;
                    return notYet && attempts > 1
                            ? later().compose(v -> resolve(order, record, attempts - 1))
                            : Future.failedFuture(e);
                });
    }

    private Future<Void> later() {
        Promise<Void> later = Promise.promise();
        var unused = engine.runtime().after(RETRY_MS, later::complete);
        return later.future();
    }

    private Future<Void> confirm(
            Peer source, DestinationOrder order, MigrationRecord record, DestinationDoor.Answered answered) {
        Established established = answered.established();
        DestinationSession session = session(answered, order, record);
        Duration unusedYet = authenticated(answered, record);
        return copying(record)
                .compose(v -> source.request(
                        Wire.CONFIRM, Wire.encode(established.session().bytes(), answered.third())))
                .onSuccess(confirmed -> listener.accept(authenticated(answered, record)))
                .compose(confirmed -> session.start())
                .onSuccess(started -> session.requirePeerTrusted()) // it may have been since it was looked at
                .onFailure(e -> session.fail(Failures.of(e, LOG).code(), String.valueOf(e.getMessage())));
    }

    private DestinationSession session(
            DestinationDoor.Answered answered, DestinationOrder order, MigrationRecord record) {
        Established established = answered.established();
        Pace pace = Objects.requireNonNull(paces.get(record));
        DestinationSession session =
                new DestinationSession(engine, established, record, order, pace, pool, capacity, recent, over -> {
                    sessions.leave(over);
                    paces.remove(record);
                    over.quiet().onComplete(quiet -> running.remove(record, over));
                    door.release(answered, record);
                });
        if (!sessions.enter(session)) {
            session.fail(ErrorCode.INVALID_MESSAGE, "the source chose a session id that is in use");
            throw Wire.invalid("a session id that is in use");
        }
        running.put(record, session);
        session.way.prepare();
        return session;
    }

    /** Before the source is told: its lanes may be faster than its answer. */
    private static Future<Void> copying(MigrationRecord record) {
        return record.to(MigrationState.COPYING)
                ? Future.succeededFuture()
                : Future.failedFuture(new MeshException(ErrorCode.CANCELLED, "cancelled while connecting"));
    }

    /** Returns how long it has taken so far. */
    private Duration authenticated(DestinationDoor.Answered answered, MigrationRecord record) {
        Established with = answered.established();
        Duration took = Duration.ofNanos(engine.runtime().nanoTime() - answered.startedNanos());
        record.authenticated(
                with.ownAgreement().info().pseudonym(),
                with.keys().peerCertificate().info().pseudonym(),
                took);
        return took;
    }
}
