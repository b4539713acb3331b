package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.Departed;
import io.ferrymesh.provider.engine.DepartureLog;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What arrived under one grant that moves, for as long as this process offers it. Runs are told apart by their order. */
final class RunDepartures implements DepartureLog {

    /** For how long a refusal stands before it is looked again, however often somebody knocks. */
    private static final long REFUSED_FOR_MS = 2_000;

    private final Database database;
    private final Lease lease;
    private final long most;
    private final Clock clock;
    private final AtomicLong sessions = new AtomicLong();
    private final AtomicReference<@Nullable Long> refusedAt = new AtomicReference<>();

    /** Runs that are over, until the database knows it. */
    private final Set<Long> ended = ConcurrentHashMap.newKeySet();

    RunDepartures(Database database, Lease lease, WorkOptions options, Clock clock) {
        this.clock = clock;
        this.database = database;
        this.lease = lease;
        this.most = options.maxJournalEntries();
    }

    @Override
    public boolean mayBegin() {
        long now = clock.millis();
        Long before = refusedAt.get();
        if (before != null && now >= before && now - before < REFUSED_FOR_MS) {
            return false;
        }
        boolean may = asked(now);
        refusedAt.set(may ? null : now);
        return may;
    }

    private boolean asked(long now) {
        try {
            return Journals.durably(database, handle -> DepartureTable.mayBegin(handle, lease, now));
        } catch (MeshException e) { // the database is away
            return false;
        }
    }

    @Override
    public Run begin() {
        long session = sessions.incrementAndGet();
        return new Run() {
            @Override
            public void begins() {
                if (!Journals.durably(database, handle -> {
                    boolean may = DepartureTable.mayBegin(handle, lease, clock.millis());
                    if (may && !DepartureTable.begin(handle, lease, session)) {
                        throw lost(handle);
                    }
                    return may;
                })) {
                    throw new MeshException(ErrorCode.OVERLOADED, DepartureTable.BUSY);
                }
            }

            @Override
            public void arrived(List<Departed> objects) {
                write(handle -> DepartureTable.add(handle, lease, session, objects, most));
            }

            @Override
            public void completed() {
                write(handle -> DepartureTable.complete(handle, lease, session, clock.millis()));
            }

            @Override
            public void over() {
                boolean unused = ended.add(session);
                tidy();
            }
        };
    }

    /** Says again of runs that they are over, where that is not known yet because the database was away. */
    void tidy() {
        for (Long session : List.copyOf(ended)) {
            boolean unused = Journals.durably(database, handle -> {
                DepartureTable.over(handle, lease, session);
                return true;
            });
            ended.remove(session);
        }
    }

    private void write(Function<Handle, Boolean> work) {
        boolean unused = Journals.durably(database, handle -> {
            if (!work.apply(handle)) {
                throw lost(handle);
            }
            return true;
        });
    }

    /** Why nothing is written: the destination comes again, unless there will be no other run. */
    private MeshException lost(Handle handle) {
        return GrantTable.hasEnded(handle, lease.id())
                ? new MeshException(ErrorCode.CANCELLED, "the grant has ended")
                : new MeshException(
                        ErrorCode.UNAVAILABLE, "another process offers the grant, or what has moved is being erased");
    }
}
