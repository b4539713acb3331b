package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.GrantOffer;
import io.ferrymesh.provider.engine.GrantState;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.engine.SourceStatus;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.GrantView;
import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.VoucherKey;
import io.ferrymesh.stores.ObjectStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Offers grants that nobody offers, and writes how those stand that this process offers. The work thread only, except
 * {@link #drop}.
 */
final class Sources {

    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

    private static final Told TOLD = new Told(LOG);

    private static final String STAYS = "grant {} stays at its rendezvous";

    /** Most grants taken in one look. */
    private static final int AT_ONCE = 200;

    /** With more of them, how far they are is written half as often. */
    private static final int MANY = 100;

    /** How long a grant that the engine did not take is left to others, and one that it let go of waits. */
    private static final long REFUSED_MS = 5_000;

    private final Database database;
    private final Membership membership;
    private final Psks psks;
    private final UserStores stores;
    private final AccountNames accounts;
    private final Clock clock;
    private final WorkOptions options;
    private final Map<MigrationId, Held> held = new ConcurrentHashMap<>();
    private final Map<Held, GrantTable.Standing> unwritten = new LinkedHashMap<>(); // that is to be written
    private long sweptAtMs;

    /** A grant that this process offers. */
    private static final class Held {
        final Lease lease;
        final GrantNews news;
        final Future<Void> offered;
        final Optional<RunDepartures> departures;
        GrantTable.Standing written;
        long writtenAtMs;
        long steps;
        long steppedAtMs;

        Held(
                Lease lease,
                AccountId account,
                Future<Void> offered,
                Optional<RunDepartures> departures,
                GrantTable.Standing written) {
            this.departures = departures;
            this.lease = lease;
            this.news = new GrantNews(account, lease.id());
            this.offered = offered;
            this.written = written;
        }
    }

    Sources(
            Database database,
            Membership membership,
            Psks psks,
            UserStores stores,
            AccountNames accounts,
            Clock clock,
            WorkOptions options) {
        this.database = database;
        this.membership = membership;
        this.psks = psks;
        this.stores = stores;
        this.accounts = accounts;
        this.clock = clock;
        this.options = options;
    }

    int held() {
        return held.size();
    }

    /** Looks at everything once. */
    void look(MigrationEngine engine, String instance) {
        long now = clock.millis();
        notice(engine, instance);
        boolean sweep = now - sweptAtMs >= options.progressMs() || now < sweptAtMs;
        if (sweep) {
            sweptAtMs = now;
            expire(now);
            held.values().forEach(each -> each.departures.ifPresent(RunDepartures::tidy));
        }
        unwritten.clear();
        List.copyOf(held.values()).stream()
                .filter(each -> sweep || each.written.state() == GrantView.State.RUNNING || each.offered.failed())
                .forEach(each -> follow(engine, each, now));
        writeProgress(engine, now);
        claim(engine, instance, now);
    }

    /** Lets go of rows that are this process's and that it does not know of: an answer of the database was lost. */
    void reconcile(String instance) {
        List<Lease> leases = database.read(handle -> GrantTable.leases(handle, instance));
        leases.stream()
                .filter(lease -> {
                    Held known = held.get(lease.id());
                    return known == null || known.lease.fence() != lease.fence();
                })
                .forEach(lease -> release(lease, 0));
    }

    /** Lets go of everything: the engine does nothing under these leases afterwards. */
    Future<Void> drop(MigrationEngine engine) {
        List<Future<Void>> releases;
        synchronized (held) {
            releases = held.keySet().stream()
                    .map(id -> TOLD.failing(Level.WARN, id, STAYS, engine.release(id)))
                    .toList();
            held.clear();
        }
        return releases.isEmpty()
                ? Future.succeededFuture()
                : Future.join(releases).mapEmpty();
    }

    private void expire(long now) {
        for (MigrationId id : database.read(handle -> GrantTable.late(handle, now, AT_ONCE))) {
            boolean unused = database.transaction(handle -> {
                GrantTable.expire(handle, id, now)
                        .ifPresent(account -> AccountEvents.add(
                                handle,
                                account,
                                AccountEvents.ended(EventType.GRANT_EXPIRED, AccountEvents.PROVIDER, id),
                                now));
                return true;
            });
        }
    }

    private void claim(MigrationEngine engine, String instance, long now) {
        List<MigrationId> free = database.read(handle -> GrantTable.free(handle, now, AT_ONCE));
        if (free.isEmpty()) {
            return;
        }
        List<GrantTable.Row> claimed = database.transaction(handle -> GrantTable.claim(handle, instance, free));
        claimed.forEach(row -> offer(engine, instance, row));
    }

    private void offer(MigrationEngine engine, String instance, GrantTable.Row row) {
        MigrationId id = row.view().id();
        Lease lease = new Lease(id, instance, row.fence());
        GrantView view = row.view();
        GrantTable.Counts counts =
                new GrantTable.Counts(view.objectsListed(), view.objectsSent(), view.objectsFailed(), view.bytesSent());
        GrantTable.Standing standing =
                new GrantTable.Standing(view.state(), counts, view.own(), view.peer(), view.failure());
        Optional<RunDepartures> departures =
                row.moves() ? Optional.of(new RunDepartures(database, lease, options, clock)) : Optional.empty();
        try (Psk psk = psks.open(Objects.requireNonNull(row.psk()), Psks.Of.GRANT, row.account(), id);
                VoucherKey vouchers = psks.vouchers(id, row.drawn())) {
            ObjectStore objects = stores.of(accounts.of(row.account()));
            GrantOffer offer = new GrantOffer(
                    id,
                    psk,
                    vouchers,
                    objects,
                    view.prefix(),
                    view.expiresAt(),
                    (receipt, root) -> keep(id, receipt),
                    String.valueOf(row.account()),
                    departures.map(each -> each));
            synchronized (held) {
                if (membership.is(instance)) { // or all was dropped meanwhile
                    held.put(id, new Held(lease, row.account(), engine.offer(offer), departures, standing));
                }
            }
        } catch (RuntimeException e) {
            held.put(id, new Held(lease, row.account(), Future.failedFuture(e), departures, standing));
        }
    }

    /** Called by the engine's workers. */
    private void keep(MigrationId id, byte[] receipt) {
        if (!Journals.durably(database, handle -> ReceiptTable.GRANTS.add(handle, id, receipt))) {
            throw new MeshException(ErrorCode.CANCELLED, "the grant is gone, or has too many receipts");
        }
    }

    /** What users want of grants that this process offers. */
    private void notice(MigrationEngine engine, String instance) {
        for (MigrationId id : database.read(handle -> GrantTable.signalled(handle, instance))) {
            Held ended = held.get(id);
            if (ended != null) {
                var unused = TOLD.failing(Level.WARN, id, STAYS, engine.withdraw(id));
                release(ended.lease, 0);
                held.remove(id);
            }
        }
    }

    private void follow(MigrationEngine engine, Held each, long now) {
        MigrationId id = each.lease.id();
        if (!each.offered.isComplete()) {
            return;
        }
        Optional<SourceStatus> status = engine.source(id);
        synchronized (held) { // while they are dropped it waits until they are
            if (!each.equals(held.get(id))) {
                return; // all was dropped meanwhile, and that is why it is not offered
            }
        }
        if (each.offered.failed() || status.isEmpty()) {
            TOLD.trouble(Level.WARN, id, "grant {} is not offered here", each.offered.cause());
            var unused = TOLD.failing(Level.DEBUG, id, STAYS, engine.release(id));
            release(each.lease, now + REFUSED_MS);
            held.remove(id);
            return;
        }
        each.news.refused(database, status.get().refused(), now);
        if (isInTheWay(engine, each, status.get(), now)) {
            TOLD.say(Level.WARN, id, "grant {} is begun again later: it stands still, and keeps out what arrives", id);
            var unused = TOLD.failing(Level.DEBUG, id, STAYS, engine.release(id));
            release(each.lease, now + REFUSED_MS);
            held.remove(id);
            return;
        }
        if (status.get().state() == GrantState.WAITING && each.written.state() == GrantView.State.COMPLETED) {
            return; // it waits in case that its destination tries again what failed
        }
        GrantTable.Standing standing = standing(status.get(), each);
        switch (standing.state()) {
            case COMPLETED, WITHDRAWN, EXPIRED -> {
                byte[] receipt = status.get().receipt().orElse(null);
                boolean open = standing.state() == GrantView.State.COMPLETED
                        && standing.counts().objectsFailed() > 0;
                boolean finished = database.transaction(handle -> {
                    boolean written = open
                            ? GrantTable.finishForNow(handle, each.lease, standing, now + REFUSED_MS)
                            : GrantTable.finish(handle, each.lease, standing, now);
                    if (written && receipt != null) {
                        boolean unused = ReceiptTable.GRANTS.add(handle, id, receipt);
                    }
                    return written && each.news.changed(handle, standing, now);
                });
                if (open) {
                    var unused = TOLD.failing(Level.DEBUG, id, STAYS, engine.release(id));
                }
                if (!finished) {
                    release(each.lease, 0);
                }
                held.remove(id);
            }
            case WAITING, RUNNING, FAILED -> write(engine, each, standing, now);
        }
    }

    /** Whether its destination has done nothing for long, while what is to arrive in the account waits for that to be over. */
    private boolean isInTheWay(MigrationEngine engine, Held each, SourceStatus status, long now) {
        long steps = engine.steps(each.lease.id());
        boolean moves = each.departures.isPresent() && status.state() == GrantState.RUNNING;
        if (!moves || steps != each.steps || each.steppedAtMs == 0 || now < each.steppedAtMs) {
            each.steps = steps;
            each.steppedAtMs = now;
        }
        return now - each.steppedAtMs >= Apart.TURN_MS
                && database.read(handle -> Apart.keepsOut(handle, each.lease, now));
    }

    private void write(MigrationEngine engine, Held each, GrantTable.Standing standing, long now) {
        boolean moved = standing.state() != each.written.state();
        long everyMs = held.size() > MANY ? 2L * options.progressMs() : options.progressMs();
        boolean due = !standing.equals(each.written) && now - each.writtenAtMs >= everyMs;
        if (moved) {
            boolean written = database.transaction(handle ->
                    GrantTable.update(handle, each.lease, standing) && each.news.changed(handle, standing, now));
            wrote(engine, each, standing, written, now);
        } else if (due) {
            unwritten.put(each, standing);
        }
    }

    /** What has only progressed, all of it at once. */
    private void writeProgress(MigrationEngine engine, long now) {
        unwritten.keySet().removeIf(each -> held.get(each.lease.id()) != each);
        if (unwritten.isEmpty()) {
            return;
        }
        Map<Held, Boolean> written = database.transaction(handle -> {
            Map<Held, Boolean> all = new LinkedHashMap<>();
            unwritten.forEach((each, standing) -> all.put(each, GrantTable.update(handle, each.lease, standing)));
            return all;
        });
        written.forEach((each, is) -> wrote(engine, each, Objects.requireNonNull(unwritten.get(each)), is, now));
    }

    private void wrote(MigrationEngine engine, Held each, GrantTable.Standing standing, boolean written, long now) {
        if (written) {
            each.written = standing;
            each.writtenAtMs = now;
        } else if (!database.read(handle -> GrantTable.holds(handle, each.lease))) {
            MigrationId id = each.lease.id();
            TOLD.say(Level.WARN, id, "grant {} goes on elsewhere", id);
            held.remove(id);
            var unused = TOLD.failing(Level.DEBUG, id, STAYS, engine.release(id));
        }
    }

    private void release(Lease lease, long retryAt) {
        boolean unused = database.transaction(handle -> {
            GrantTable.release(handle, lease, retryAt);
            return true;
        });
    }

    private static GrantTable.Standing standing(SourceStatus status, Held each) {
        GrantTable.Counts counts = new GrantTable.Counts(
                status.objectsListed(), status.objectsSent(), status.objectsFailed(), status.bytesSent());
        boolean begunHere = status.own().isPresent() || status.state() != GrantState.WAITING;
        return new GrantTable.Standing(
                state(status.state()),
                begunHere ? counts : each.written.counts(),
                status.own().or(each.written::own),
                status.peer().or(each.written::peer),
                begunHere
                        ? status.failure()
                                .map(failure -> new FailureView(failure.code().name(), failure.message()))
                        : each.written.failure());
    }

    /** What users withdraw is noticed before: the engine ends a grant by itself only when its time is over. */
    private static GrantView.State state(GrantState state) {
        return switch (state) {
            case WAITING -> GrantView.State.WAITING;
            case RUNNING -> GrantView.State.RUNNING;
            case COMPLETED -> GrantView.State.COMPLETED;
            case FAILED -> GrantView.State.FAILED;
            case WITHDRAWN, EXPIRED -> GrantView.State.EXPIRED;
        };
    }
}
