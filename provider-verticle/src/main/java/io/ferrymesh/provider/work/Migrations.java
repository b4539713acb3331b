package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.mesh.LogFields;
import io.ferrymesh.provider.options.MigrationOptions;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.service.Page;
import io.ferrymesh.provider.service.ProofView;
import io.ferrymesh.provider.service.ReportEntry;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.scheme.MigrationId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Migrations as their users see them: rows, which processes work on. Blocking. */
final class Migrations implements MigrationService {

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    private final Database database;
    private final Psks psks;
    private final Limits limits;
    private final Clock clock;
    private final Runnable wake;
    private final Proofs proofs;

    /** Accounts for which one is made: it reads a whole report. */
    private final Set<AccountId> proving = ConcurrentHashMap.newKeySet();

    Migrations(Database database, Psks psks, Limits limits, Clock clock, Runnable wake, long mostReported) {
        this.database = database;
        this.psks = psks;
        this.limits = limits;
        this.clock = clock;
        this.wake = wake;
        this.proofs = new Proofs(mostReported);
    }

    @Override
    public Created create(Account account, NewMigration migration) {
        byte[] content = Psks.content(migration.id(), migration.psk(), "", 0);
        byte[] sealed = psks.sealed(migration.psk(), Psks.Of.MIGRATION, account.id(), migration.id());
        MigrationTable.Asked asked = new MigrationTable.Asked(
                migration.id(), migration.options().orElse(MigrationOptions.DEFAULTS), migration.schedule());
        Created created = changed(handle -> MigrationTable.find(handle, migration.id())
                .map(known -> migration.options().isEmpty()
                        ? repeated(account, known, content)
                        : repeated(handle, account, known, content, asked, sealed))
                .orElseGet(() -> insert(handle, account, asked, content, sealed)));
        if (created.fresh()) {
            said(migration.id(), "accepted");
        }
        return created;
    }

    @Override
    public Page<MigrationView> list(Account account, Optional<String> cursor, int limit) {
        Cursor from = Cursor.parse(cursor);
        int most = Checks.limit(limit);
        long now = clock.millis();
        List<MigrationTable.Row> rows = read(handle -> MigrationTable.before(handle, account.id(), from, most + 1));
        Optional<FailureView> why = rows.stream().anyMatch(row -> row.isDue(now))
                ? read(handle -> Apart.why(handle, account.id(), now))
                : Optional.empty();
        List<MigrationView> items = rows.stream()
                .limit(most)
                .map(row -> row.at(now).because(why, now).view())
                .toList();
        return new Page<>(
                items,
                rows.size() > most
                        ? Optional.of(Cursor.after(
                                        items.get(most - 1).createdAt(),
                                        items.get(most - 1).id())
                                .toString())
                        : Optional.empty());
    }

    @Override
    public MigrationView show(Account account, MigrationId id) {
        long now = clock.millis();
        return read(handle -> {
            MigrationTable.Row row = mine(handle, account, id);
            return row.isDue(now)
                    ? row.because(Apart.why(handle, account.id(), now), now).view()
                    : row.view();
        });
    }

    @Override
    public MigrationView pause(Account account, MigrationId id) {
        return moved(account, id, "paused", (handle, row) -> switch (row.state()) {
            case PAUSED -> false;
            case SCHEDULED, QUEUED, CONNECTING, RUNNING -> MigrationTable.pause(handle, id, clock.millis());
            case MIRRORING, COMPLETED, FAILED, CANCELLED -> throw ended(row);
        });
    }

    @Override
    public MigrationView resume(Account account, MigrationId id) {
        return moved(account, id, "resumed", (handle, row) -> switch (row.state()) {
            case SCHEDULED, QUEUED, CONNECTING, RUNNING -> false;
            case PAUSED, FAILED -> resumed(handle, account, row);
            case MIRRORING, COMPLETED, CANCELLED -> throw ended(row);
        });
    }

    @Override
    public MigrationView retry(Account account, MigrationId id) {
        return moved(account, id, "begun again", (handle, row) -> switch (row.state()) {
            case PAUSED, FAILED -> resumed(handle, account, row);
            case COMPLETED -> again(handle, account, row);
            case SCHEDULED, QUEUED, CONNECTING, RUNNING ->
                throw Checks.conflict("the migration is " + row.state() + ", and what fails is tried again by itself");
            case MIRRORING, CANCELLED -> throw ended(row);
        });
    }

    @Override
    public MigrationView change(Account account, MigrationId id, UnaryOperator<Schedule> change) {
        return moved(account, id, "changed", (handle, row) -> {
            if (row.state() == State.MIRRORING || row.state() == State.COMPLETED || row.state() == State.CANCELLED) {
                throw ended(row);
            }
            Schedule before = row.view().schedule();
            Schedule after = change.apply(before);
            if (!after.deadline().equals(before.deadline())) {
                requireToCome(after);
            }
            MigrationTable.change(handle, id, after);
            return !after.equals(before);
        });
    }

    @Override
    public void cancel(Account account, MigrationId id) {
        MigrationView unused = moved(account, id, "cancelled", (handle, row) -> switch (row.state()) {
            case CANCELLED -> false;
            case COMPLETED -> throw ended(row);
            case MIRRORING -> MirrorTable.cancel(handle, id, account.id(), clock.millis());
            case SCHEDULED, QUEUED, CONNECTING, RUNNING, PAUSED, FAILED ->
                MigrationTable.cancel(handle, id, clock.millis());
        });
    }

    @Override
    public List<ReportEntry> report(Account account, MigrationId id, long after, int limit) {
        int most = Checks.limit(limit);
        return read(handle -> {
            MigrationTable.Row row = mine(handle, account, id);
            return MigrationRows.objects(handle, row.view().id(), after, most);
        });
    }

    @Override
    public List<MigrationEvent> events(Account account, MigrationId id, long after, int limit) {
        int most = Checks.limit(limit);
        return read(handle -> {
            MigrationTable.Row row = mine(handle, account, id);
            return MigrationRows.events(handle, row.view().id(), after, most);
        });
    }

    @Override
    public byte[] receipt(Account account, MigrationId id, long number) {
        return read(handle -> {
            MigrationTable.Row row = mine(handle, account, id);
            return (number == 0
                            ? MigrationTable.receipt(handle, row.view().id())
                            : ReceiptTable.MIGRATIONS.get(handle, row.view().id(), number))
                    .orElseThrow(() -> new ServiceException(ServiceError.NOT_FOUND, "there is no such receipt yet"));
        });
    }

    @Override
    public ProofView proof(Account account, MigrationId id, String path) {
        if (!proving.add(account.id())) {
            throw new ServiceException(ServiceError.OVERLOADED, "another proof is being made for you; one at a time");
        }
        try {
            return read(handle -> {
                MigrationTable.Row row = mine(handle, account, id);
                return proofs.of(handle, row.view().id(), path);
            });
        } finally {
            boolean unused = proving.remove(account.id());
        }
    }

    /** What a user wants of one that is theirs; whether that changed anything. */
    private interface Move {
        boolean of(Handle handle, MigrationTable.Row row);
    }

    private MigrationView moved(Account account, MigrationId id, String word, Move move) {
        Created moved = changed(handle -> {
            boolean changed = move.of(handle, mine(handle, account, id));
            return new Created(changed, mine(handle, account, id).view());
        });
        if (moved.fresh()) {
            said(id, word);
        }
        return moved.migration();
    }

    private boolean resumed(Handle handle, Account account, MigrationTable.Row row) {
        long now = clock.millis();
        requireInTime(row);
        limits.spend(handle, account.id(), now);
        if (row.state() == State.FAILED) { // a paused one has its room
            limits.requireRoom(MigrationTable.live(handle, account.id()));
        }
        State waiting = MigrationTable.waiting(row.view().schedule(), now);
        return MigrationTable.resume(handle, row.view().id(), waiting, now);
    }

    /** One that has completed, for what has failed. */
    private boolean again(Handle handle, Account account, MigrationTable.Row row) {
        if (row.view().progress().objectsFailed() == 0) {
            throw Checks.conflict("nothing of the migration has failed");
        }
        requireInTime(row);
        long now = clock.millis();
        limits.spend(handle, account.id(), now);
        limits.requireRoom(MigrationTable.live(handle, account.id()));
        if (!MigrationTable.again(
                handle, row.view().id(), MigrationTable.waiting(row.view().schedule(), now), now)) {
            throw Checks.conflict(
                    "its grant cannot be used any more: make another, and fetch with that; what arrived is"
                            + " found to be there");
        }
        return true;
    }

    private void requireInTime(MigrationTable.Row row) {
        if (row.view().schedule().deadline().filter(this::isPast).isPresent()) {
            throw Checks.conflict("its deadline has passed: change that first");
        }
    }

    private void requireToCome(Schedule schedule) {
        schedule.deadline().filter(this::isPast).ifPresent(past -> {
            throw new ServiceException(ServiceError.INVALID, "deadline must be in the future: " + past);
        });
    }

    private boolean isPast(Instant time) {
        return time.toEpochMilli() <= clock.millis();
    }

    private Created insert(Handle handle, Account account, MigrationTable.Asked asked, byte[] content, byte[] sealed) {
        long now = clock.millis();
        MigrationId id = asked.id();
        requireToCome(asked.schedule());
        Checks.requireActive(handle, account.id());
        limits.spend(handle, account.id(), now);
        limits.requireRoom(MigrationTable.live(handle, account.id()));
        if (GrantTable.find(handle, id)
                .filter(grant -> grant.moves() && grant.account().equals(account.id()))
                .isPresent()) {
            throw Checks.conflict("nothing moves from an account to itself: the grant with this migrationId erases what"
                    + " arrives");
        }
        if (!MigrationTable.insert(handle, account.id(), asked, content, sealed, now)) {
            throw taken(); // in this very moment
        }
        MigrationTable.wanted(handle, id, MigrationTable.waiting(asked.schedule(), now), now);
        return new Created(true, mine(handle, account, id).view());
    }

    /** The same again with options: they must be those it has, unless it only looked and has done so. */
    private Created repeated(
            Handle handle,
            Account account,
            MigrationTable.Row known,
            byte[] content,
            MigrationTable.Asked asked,
            byte[] sealed) {
        Created same = repeated(account, known, content);
        if (known.view().options().equals(asked.options())) {
            return same;
        }
        if (known.state() != State.COMPLETED || known.view().dryRun().isEmpty()) {
            throw Checks.conflict("you have a migration by this migrationId with other options");
        }
        long now = clock.millis();
        requireToCome(asked.schedule());
        limits.spend(handle, account.id(), now);
        limits.requireRoom(MigrationTable.live(handle, account.id()));
        if (!MigrationTable.begin(handle, asked, sealed, now)) {
            throw Checks.conflict("the dry run has not quite ended; try again");
        }
        return new Created(true, mine(handle, account, asked.id()).view());
    }

    private Created repeated(Account account, MigrationTable.Row known, byte[] content) {
        if (!known.account().equals(account.id())) {
            throw taken();
        }
        if (!known.hasContent(content)) {
            throw Checks.conflict("you have a migration by this migrationId with another psk");
        }
        return new Created(false, known.at(clock.millis()).view());
    }

    private static ServiceException taken() {
        return Checks.conflict("this migrationId cannot be used; draw another");
    }

    private static ServiceException ended(MigrationTable.Row row) {
        return Checks.conflict("the migration is " + row.state());
    }

    private MigrationTable.Row mine(Handle handle, Account account, MigrationId id) {
        return MigrationTable.find(handle, id)
                .filter(row -> row.account().equals(account.id()))
                .map(row -> row.at(clock.millis()))
                .orElseThrow(Checks::notFound);
    }

    private void said(MigrationId id, String word) {
        LOG.atInfo().addKeyValue(LogFields.MIGRATION, id).log("migration {} {}", id, word);
        wake.run();
    }

    private Created changed(Function<Handle, Created> work) {
        return Checks.translated(database, () -> database.transaction(work::apply));
    }

    private <T> T read(Function<Handle, T> work) {
        return Checks.translated(database, () -> database.read(work::apply));
    }
}
