package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.mesh.LogFields;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.service.Page;
import io.ferrymesh.provider.service.ReportEntry;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.scheme.MigrationId;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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

    Migrations(Database database, Psks psks, Limits limits, Clock clock, Runnable wake) {
        this.database = database;
        this.psks = psks;
        this.limits = limits;
        this.clock = clock;
        this.wake = wake;
    }

    @Override
    public Created create(Account account, NewMigration migration) {
        byte[] content = Psks.content(migration.id(), migration.psk(), "", 0);
        byte[] sealed = psks.sealed(migration.psk(), Psks.Of.MIGRATION, account.id(), migration.id());
        Created created = changed(handle -> MigrationTable.find(handle, migration.id())
                .map(known -> repeated(account, known, content))
                .orElseGet(() -> insert(handle, account, migration.id(), content, sealed)));
        if (created.fresh()) {
            said(migration.id(), "accepted");
        }
        return created;
    }

    @Override
    public Page<MigrationView> list(Account account, Optional<String> cursor, int limit) {
        Cursor from = Cursor.parse(cursor);
        int most = Checks.limit(limit);
        List<MigrationTable.Row> rows = read(handle -> MigrationTable.before(handle, account.id(), from, most + 1));
        List<MigrationView> items =
                rows.stream().limit(most).map(MigrationTable.Row::view).toList();
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
        return read(handle -> mine(handle, account, id).view());
    }

    @Override
    public MigrationView pause(Account account, MigrationId id) {
        return moved(account, id, "paused", (handle, row) -> switch (row.state()) {
            case PAUSED -> false;
            case QUEUED, CONNECTING, RUNNING -> MigrationTable.pause(handle, id, clock.millis());
            case COMPLETED, FAILED, CANCELLED -> throw ended(row);
        });
    }

    @Override
    public MigrationView resume(Account account, MigrationId id) {
        return moved(account, id, "resumed", (handle, row) -> switch (row.state()) {
            case QUEUED, CONNECTING, RUNNING -> false;
            case PAUSED, FAILED -> {
                limits.spend(handle, account.id(), clock.millis());
                if (row.state() == State.FAILED) { // a paused one has its room
                    limits.requireRoom(MigrationTable.live(handle, account.id()));
                }
                yield MigrationTable.resume(handle, id, clock.millis());
            }
            case COMPLETED, CANCELLED -> throw ended(row);
        });
    }

    @Override
    public void cancel(Account account, MigrationId id) {
        MigrationView unused = moved(account, id, "cancelled", (handle, row) -> switch (row.state()) {
            case CANCELLED -> false;
            case COMPLETED -> throw ended(row);
            case QUEUED, CONNECTING, RUNNING, PAUSED, FAILED -> MigrationTable.cancel(handle, id, clock.millis());
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
    public byte[] receipt(Account account, MigrationId id) {
        return read(handle -> {
            MigrationTable.Row row = mine(handle, account, id);
            return MigrationTable.receipt(handle, row.view().id())
                    .orElseThrow(() -> new ServiceException(ServiceError.NOT_FOUND, "there is no receipt yet"));
        });
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

    private Created insert(Handle handle, Account account, MigrationId id, byte[] content, byte[] sealed) {
        long now = clock.millis();
        Checks.requireActive(handle, account.id());
        limits.spend(handle, account.id(), now);
        limits.requireRoom(MigrationTable.live(handle, account.id()));
        if (!MigrationTable.insert(handle, id, account.id(), content, sealed, now)) {
            throw taken(); // in this very moment
        }
        MigrationTable.event(handle, id, State.QUEUED, Optional.empty(), now);
        return new Created(true, mine(handle, account, id).view());
    }

    private static Created repeated(Account account, MigrationTable.Row known, byte[] content) {
        if (!known.account().equals(account.id())) {
            throw taken();
        }
        if (!known.hasContent(content)) {
            throw Checks.conflict("you have a migration by this migrationId with another psk");
        }
        return new Created(false, known.view());
    }

    private static ServiceException taken() {
        return Checks.conflict("this migrationId cannot be used; draw another");
    }

    private static ServiceException ended(MigrationTable.Row row) {
        return Checks.conflict("the migration is " + row.state());
    }

    private static MigrationTable.Row mine(Handle handle, Account account, MigrationId id) {
        return MigrationTable.find(handle, id)
                .filter(row -> row.account().equals(account.id()))
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
