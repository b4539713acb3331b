package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.Arrived;
import io.ferrymesh.provider.engine.Journal;
import io.ferrymesh.provider.engine.JournalEntry;
import io.ferrymesh.provider.engine.SafeSegment;
import io.ferrymesh.provider.engine.Unfinished;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The journal of one migration for one run, which ends with CANCELLED when it has lost its lease. Any of the engine's workers.
 */
final class RunJournal implements Journal {

    private static final Told TOLD = new Told(LoggerFactory.getLogger(RunJournal.class));

    /** What a run ends with whose mirror is too large. */
    static final String NO_ROOM = "the account's journals have no room for all names of a mirror";

    private final Database database;
    private final Clock clock;
    private final Lease lease;
    private final long mostReported;
    private final long mostEntries;

    /** Whether there was anything when it was first asked for. What this run enters is not asked for again. */
    private volatile @Nullable Boolean any;

    private volatile boolean full;

    /** When it began to look what is here. */
    private volatile Instant since = Instant.MIN;

    RunJournal(Database database, Clock clock, Lease lease, WorkOptions options) {
        this.database = database;
        this.clock = clock;
        this.lease = lease;
        this.mostReported = options.maxReportObjects();
        this.mostEntries = options.maxJournalEntries();
    }

    @Override
    public void add(List<JournalEntry> decided) {
        writeIfRoom(
                handle -> ReportTable.add(handle, lease, decided, mostReported)
                        && JournalTable.add(handle, lease, decided, mostEntries),
                handle -> ReportTable.add(handle, lease, decided, mostReported)
                        && JournalTable.drop(handle, lease, arrived(decided)));
    }

    @Override
    public Map<ObjectPath, Arrived> arrived(Collection<ObjectPath> of) {
        return any() ? Journals.read(database, handle -> JournalRows.arrived(handle, lease.id(), of)) : Map.of();
    }

    @Override
    public List<SafeSegment> segments(ObjectPath of, int from, int most) {
        return Journals.read(database, handle -> JournalRows.segments(handle, lease.id(), of, from, most));
    }

    @Override
    public Optional<Unfinished> unfinished(ObjectPath path) {
        return Journals.read(database, handle -> JournalRows.unfinished(handle, lease.id(), path));
    }

    @Override
    public void begun(ObjectInfo listed, ObjectMetadata metadata, String token) {
        // Of these there are few, and each holds space of the account: without its row nobody could take it up or
        // remove it.
        write(handle -> JournalTable.begun(handle, lease, listed, metadata, token, Long.MAX_VALUE));
    }

    @Override
    public void safe(ObjectPath of, List<SafeSegment> segments) {
        writeIfRoom(
                handle -> JournalTable.safe(handle, lease, of, segments, mostEntries),
                handle -> JournalTable.drop(handle, lease, List.of()));
    }

    @Override
    public void dropped(Collection<ObjectPath> paths) {
        write(handle -> JournalTable.drop(handle, lease, paths));
    }

    @Override
    public boolean wantsHere() {
        AtomicBoolean wanted = new AtomicBoolean();
        write(handle -> {
            Optional<Boolean> answer = MirrorNames.wantsHere(handle, lease, clock.millis());
            answer.ifPresent(wanted::set);
            return answer.isPresent();
        });
        since = clock.instant();
        return wanted.get();
    }

    @Override
    public void here(List<ObjectInfo> objects) {
        // What is as young as that may have come after the look began.
        List<ObjectInfo> before =
                objects.stream().filter(info -> info.modified().isBefore(since)).toList();
        mirroring(handle -> MirrorNames.here(handle, lease, before, mostEntries));
    }

    @Override
    public void allHere() {
        write(handle -> MirrorNames.allHere(handle, lease));
    }

    @Override
    public void source(String prefix) {
        write(handle -> MirrorNames.source(handle, lease, prefix));
    }

    @Override
    public void listed(Collection<String> names) {
        List<PathKey> keys = names.stream().map(MirrorKey::of).toList();
        mirroring(handle -> MirrorNames.listed(handle, lease, keys, mostEntries));
    }

    @Override
    public void hiding(Collection<String> names) {
        List<PathKey> keys = names.stream().map(MirrorKey::below).toList();
        mirroring(handle -> MirrorNames.listed(handle, lease, keys, mostEntries));
    }

    /** Without all of the names nobody could tell what to remove. */
    private void mirroring(Function<Handle, Boolean> work) {
        try {
            write(work);
        } catch (JournalTable.NoRoom e) {
            throw new MeshException(ErrorCode.DESTINATION_FULL, NO_ROOM, e);
        }
    }

    @Override
    public void requireCurrent() {
        write(handle -> JournalTable.isCurrent(handle, lease));
    }

    private boolean any() {
        Boolean known = any;
        if (known == null) {
            known = Journals.read(database, handle -> JournalRows.any(handle, lease.id()));
            any = known;
        }
        return known;
    }

    private static List<ObjectPath> arrived(List<JournalEntry> decided) {
        return decided.stream()
                .flatMap(entry -> entry.arrived().stream())
                .map(object -> object.listed().path())
                .toList();
    }

    /** Once there is no room, the rest of the run does without: what is not journaled costs work later and nothing else. */
    private void writeIfRoom(Function<Handle, Boolean> journaling, Function<Handle, Boolean> without) {
        if (!full) {
            try {
                write(journaling);
                return;
            } catch (JournalTable.NoRoom e) {
                full = true;
                TOLD.say(Level.WARN, lease.id(), "migration {} goes on without a journal: {}", lease.id(), e.why());
                write(this::tell);
            }
        }
        write(without);
    }

    private boolean tell(Handle handle) {
        boolean held = JournalTable.drop(handle, lease, List.of());
        if (held) {
            AccountEvents.unjournaled(handle, lease.id(), clock.millis());
        }
        return held;
    }

    private void write(Function<Handle, Boolean> work) {
        if (!Journals.durably(database, work)) {
            throw new MeshException(ErrorCode.CANCELLED, "another process drives the migration");
        }
    }
}
