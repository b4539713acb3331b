package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.mesh.LogFields;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.GrantService;
import io.ferrymesh.provider.service.GrantView;
import io.ferrymesh.provider.service.NewGrant;
import io.ferrymesh.provider.service.Page;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.scheme.MigrationId;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Grants as their users see them: rows, which processes work on. Blocking. */
final class Grants implements GrantService {

    private static final Logger LOG = LoggerFactory.getLogger(Grants.class);

    private static final long LEAST_SECONDS = 60;
    private static final long MOST_SECONDS = 604_800;
    private static final int MOST_PREFIX_CHARS = 4_000;

    private final Database database;
    private final Psks psks;
    private final Limits limits;
    private final Clock clock;
    private final Runnable wake;

    Grants(Database database, Psks psks, Limits limits, Clock clock, Runnable wake) {
        this.database = database;
        this.psks = psks;
        this.limits = limits;
        this.clock = clock;
        this.wake = wake;
    }

    @Override
    public Created create(Account account, NewGrant grant) {
        require(grant);
        byte[] content = Psks.content(grant.id(), grant.psk(), asked(grant), grant.expiresInSeconds());
        byte[] sealed = psks.sealed(grant.psk(), Psks.Of.GRANT, account.id(), grant.id());
        Created created = Checks.translated(
                database,
                () -> database.transaction(handle -> find(handle, grant.id())
                        .map(known -> repeated(account, known, content))
                        .orElseGet(() -> insert(handle, account, grant, content, sealed))));
        if (created.fresh()) {
            LOG.atInfo()
                    .addKeyValue(LogFields.MIGRATION, grant.id())
                    .log("grant {} until {}", grant.id(), created.grant().expiresAt());
            wake.run();
        }
        return created;
    }

    @Override
    public Page<GrantView> list(Account account, Optional<String> cursor, int limit) {
        Cursor from = Cursor.parse(cursor);
        int most = Checks.limit(limit);
        List<GrantTable.Row> rows = Checks.translated(
                database, () -> database.read(handle -> GrantTable.before(handle, account.id(), from, most + 1)));
        List<GrantView> items =
                rows.stream().limit(most).map(GrantTable.Row::view).toList();
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
    public GrantView show(Account account, MigrationId id) {
        return Checks.translated(
                database,
                () -> database.read(handle -> mine(handle, account, id).view()));
    }

    @Override
    public void withdraw(Account account, MigrationId id) {
        boolean withdrawn = Checks.translated(
                database,
                () -> database.transaction(handle -> {
                    GrantView grant = mine(handle, account, id).view();
                    boolean ended = GrantTable.end(handle, id, GrantView.State.WITHDRAWN, clock.millis());
                    if (!ended && grant.state() == GrantView.State.COMPLETED) {
                        throw Checks.conflict("the migration has completed; there is nothing to withdraw");
                    }
                    if (ended) {
                        AccountEvents.add(
                                handle,
                                account.id(),
                                AccountEvents.ended(EventType.GRANT_WITHDRAWN, AccountEvents.USER, id),
                                clock.millis());
                    }
                    return ended;
                }));
        if (withdrawn) {
            LOG.atInfo().addKeyValue(LogFields.MIGRATION, id).log("grant {} withdrawn", id);
            wake.run();
        }
    }

    @Override
    public byte[] receipt(Account account, MigrationId id, long number) {
        return Checks.translated(
                database,
                () -> database.read(handle -> {
                    GrantTable.Row unused = mine(handle, account, id);
                    return (number == 0
                                    ? ReceiptTable.GRANTS.widest(handle, id)
                                    : ReceiptTable.GRANTS.get(handle, id, number))
                            .orElseThrow(
                                    () -> new ServiceException(ServiceError.NOT_FOUND, "there is no such receipt yet"));
                }));
    }

    private Created insert(Handle handle, Account account, NewGrant grant, byte[] content, byte[] sealed) {
        long now = clock.millis();
        Checks.requireActive(handle, account.id());
        limits.spend(handle, account.id(), now);
        limits.requireRoom(GrantTable.live(handle, account.id()));
        if (grant.move()
                && MigrationTable.find(handle, grant.id())
                        .filter(known -> known.account().equals(account.id()))
                        .isPresent()) {
            throw Checks.conflict(
                    "nothing moves from an account to itself: a migration with this migrationId arrives" + " here");
        }
        long expires = now + grant.expiresInSeconds() * 1_000;
        if (!GrantTable.insert(
                handle, grant.id(), account.id(), content, sealed, grant.prefix(), grant.move(), now, expires)) {
            throw taken(); // in this very moment
        }
        return new Created(true, find(handle, grant.id()).orElseThrow().view());
    }

    private static Created repeated(Account account, GrantTable.Row known, byte[] content) {
        if (!known.account().equals(account.id())) {
            throw taken();
        }
        if (!known.hasContent(content)) {
            throw Checks.conflict("you have a grant by this migrationId with other content");
        }
        return new Created(false, known.view());
    }

    /** No prefix has a NUL. */
    private static String asked(NewGrant grant) {
        return grant.move() ? grant.prefix() + "\0move" : grant.prefix();
    }

    private static ServiceException taken() {
        return Checks.conflict("this migrationId cannot be used; draw another");
    }

    private static GrantTable.Row mine(Handle handle, Account account, MigrationId id) {
        return find(handle, id)
                .filter(row -> row.account().equals(account.id()))
                .orElseThrow(Checks::notFound);
    }

    private static Optional<GrantTable.Row> find(Handle handle, MigrationId id) {
        return GrantTable.find(handle, id);
    }

    private static void require(NewGrant grant) {
        if (grant.expiresInSeconds() < LEAST_SECONDS || grant.expiresInSeconds() > MOST_SECONDS) {
            throw new ServiceException(
                    ServiceError.INVALID,
                    "expiresInSeconds must be " + LEAST_SECONDS + " to " + MOST_SECONDS + ": "
                            + grant.expiresInSeconds());
        }
        if (grant.prefix().length() > MOST_PREFIX_CHARS || grant.prefix().indexOf('\0') >= 0) {
            throw new ServiceException(
                    ServiceError.INVALID, "prefix must have at most " + MOST_PREFIX_CHARS + " characters and no NUL");
        }
    }
}
