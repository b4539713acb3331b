package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.EventService;
import io.ferrymesh.provider.service.GrantService;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.provider.service.WebhookService;
import io.ferrymesh.stores.ObjectStore;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process does of what the users of a provider have asked for. Everything is in the database; processes take turns at
 * it by leases, so that a {@code kill -9} of any of them loses nothing: another goes on where it was. docs/provider.md.
 */
public final class Work implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Work.class);

    /** Less than whoever ends a process waits for it. */
    private static final long HAND_OVER_MS = 9_000;

    private final Membership membership;
    private final Sources sources;
    private final Destinations destinations;
    private final AccountStores stores;
    private final Housekeeping housekeeping;
    private final Moves moves;
    private final Mirrors mirrors;
    private final Figures figures;
    private final Grants grants;
    private final Migrations migrations;
    private final Deadlines deadlines;
    private final Events events;
    private final WebhookOutbox outbox;
    private final Webhooks webhooks;
    private final WorkOptions options;
    private final Clock clock;
    private final Rounds rounds = new Rounds();
    private final AtomicBoolean living = new AtomicBoolean();

    // work thread only
    private @Nullable String as;
    private boolean reconcile;

    private volatile @Nullable MigrationEngine engine;

    /** What was let go of may still be at work until then. */
    private volatile Future<?> dropped = Future.succeededFuture();

    private Work(
            Database database,
            PskSeal seal,
            Function<Account, ObjectStore> objects,
            WorkOptions options,
            Clock clock,
            Ticker ticker,
            SecureRandom random) {
        this.options = options;
        this.clock = clock;
        this.figures = new Figures(database, clock);
        Psks psks = new Psks(seal);
        Limits limits = new Limits(options);
        AccountNames accounts = new AccountNames(database);
        this.membership = new Membership(database, clock, ticker, random, options.leaseTimeoutMs());
        this.stores = new AccountStores(database, membership, objects, options, clock);
        this.sources = new Sources(database, membership, psks, stores, accounts, clock, options);
        this.destinations = new Destinations(
                database,
                membership,
                psks,
                stores,
                accounts,
                clock,
                ticker,
                options,
                new Retrying(options.maxRetries(), random));
        this.housekeeping = new Housekeeping(database, membership, objects, options, clock, ticker, stores::flush);
        this.moves = new Moves(database, membership, accounts, stores, clock);
        this.mirrors = new Mirrors(database, membership, accounts, stores, options, clock);
        this.grants = new Grants(database, psks, limits, clock, this::wake);
        this.deadlines = new Deadlines(database, clock, options.progressMs());
        this.events = new Events(database);
        this.outbox = new WebhookOutbox(database, seal, clock, random, rounds::once);
        this.webhooks = new Webhooks(database, seal, clock, random, outbox::sender);
        this.migrations = new Migrations(database, psks, limits, clock, this::wake, options.maxReportObjects());
    }

    /**
     * Takes orders from now on; works on them once it is started and there is an engine.
     *
     * @param database with the schema of {@code io/ferrymesh/provider/migrations}; stays the caller's to close
     * @param objects an account's objects, without any limit; shared, and not closed here
     */
    public static Work open(
            Database database,
            PskSeal seal,
            Function<Account, ObjectStore> objects,
            WorkOptions options,
            Clock clock,
            SecureRandom random) {
        return open(database, seal, objects, options, clock, Ticker.SYSTEM, random);
    }

    /** The same with time that passes as a test wants. */
    static Work open(
            Database database,
            PskSeal seal,
            Function<Account, ObjectStore> objects,
            WorkOptions options,
            Clock clock,
            Ticker ticker,
            SecureRandom random) {
        return new Work(database, seal, objects, options, clock, ticker, random);
    }

    /** Grants at the source. */
    public GrantService grants() {
        return grants;
    }

    /** Migrations at the destination. */
    public MigrationService migrations() {
        return migrations;
    }

    /** What accounts are told. */
    public EventService events() {
        return events;
    }

    /** Where accounts want to be told too; nowhere until there is a sender. */
    public WebhookService webhooks() {
        return webhooks;
    }

    /** Tells webhooks from now on. */
    public void tell(WebhookSender sender) {
        outbox.begin(sender);
    }

    /** Each account's objects, charged to its space. */
    public UserStores stores() {
        return stores;
    }

    /** What there is to do, in numbers, at most ten seconds old unless the database is away. Any thread; never blocks or fails. */
    public WorkFigures figures() {
        return figures.figures(sources.held(), destinations.held(), clock.millis());
    }

    /** What rests, waits or piles up; like {@link #figures}. */
    public UpkeepFigures upkeep() {
        return figures.upkeep();
    }

    /** What came of the runs of this process. Any thread; never blocks or fails. */
    public RunFigures runs() {
        return destinations.runs();
    }

    /** Tasks of the engine that no thread has taken yet. Any thread; never blocks or fails. */
    public int waitingTasks() {
        MigrationEngine with = engine;
        return with == null ? 0 : with.waitingTasks();
    }

    /** For how long the run of this process has done nothing that has done nothing for longest. Any thread; never blocks or fails. */
    public long longestStillMs() {
        return destinations.longestStillMs();
    }

    /** Whether the database has heard from this process within two thirds of the lease timeout, so that it may work. Any thread. */
    public boolean isAlive() {
        return membership.id() != null;
    }

    /**
     * Shows from now on that this process lives, without which nothing can be put into a store, and tidies up; all that users can
     * see without an engine. Again, it does nothing.
     */
    public void live() {
        if (living.getAndSet(true)) {
            return;
        }
        rounds.vital(membership.watchEveryMs(), "it is not known whether this process may work", this::watch);
        rounds.vital(membership.everyMs(), "the database does not hear from this process", this::beat);
        rounds.every(options.progressMs(), "space is not written down", stores::flush);
        rounds.aside(Housekeeping.EVERY_MS, "what is to be tidied is put off", housekeeping::look);
        rounds.every(WebhookOutbox.EVERY_MS, "webhooks are not told", outbox::look);
        rounds.aside(Moves.EVERY_MS, "what has moved is not erased", moves::look);
        rounds.aside(Mirrors.EVERY_MS, "what sources have not got is not removed", this::mirror);
        rounds.aside(Figures.EVERY_MS, "what there is to do is not counted", figures::look);
    }

    /** Lives and works from now on, on threads of its own. */
    public void attach(MigrationEngine with) {
        engine = with;
        live();
        rounds.working(options.pollMs(), "work is put off", this::look);
    }

    /**
     * Stops working and lets others go on at once: what runs ends in a way that lets it be begun again. Blocks until that is
     * done, for ten seconds at the longest; what is left is taken over after the lease timeout. Until then this process shows that
     * it lives, so that nobody begins what has not stopped.
     */
    public void handOver() {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HAND_OVER_MS);
        try {
            boolean stopped = endWork();
            MigrationEngine with = engine;
            if (with != null) {
                stopped &= await(Future.join(sources.drop(with), destinations.drop(with)), until);
            }
            stores.close();
            if (stopped) {
                membership.leave();
            }
        } finally {
            rounds.endVital();
        }
    }

    /** Stops working, as a crash would: what this process held is taken over after the lease timeout. */
    @Override
    public void close() {
        rounds.endVital();
        boolean unused = endWork(); // what does not end has been said
    }

    /** Whether nothing can be claimed any more. */
    private boolean endWork() {
        housekeeping.close();
        moves.close();
        mirrors.close();
        return rounds.end();
    }

    void beat() {
        membership.beat();
    }

    /** One look at everything there is to do. */
    void look() {
        MigrationEngine with = engine;
        if (with == null) {
            return;
        }
        String instance = membership.id();
        if (as != null && !as.equals(instance)) {
            as = null;
            drop(with);
        }
        if (instance == null || !dropped.isComplete()) {
            return;
        }
        reconcile |= !instance.equals(as);
        as = instance;
        if (reconcile) {
            sources.reconcile(instance);
            destinations.reconcile(instance);
        }
        reconcile = true; // unless all goes well
        deadlines.look();
        sources.look(with, instance);
        destinations.look(with, instance);
        reconcile = false;
    }

    /** Stops everything when this process may not work any more, whatever hangs meanwhile: it asks nobody. */
    void watch() {
        MigrationEngine with = engine;
        if (with != null && membership.id() == null) {
            drop(with);
        }
    }

    private synchronized void drop(MigrationEngine with) {
        Future<?> before = dropped;
        // What does not go or stop has been said of each.
        Future<?> now = Future.join(sources.drop(with), destinations.drop(with));
        if (before.isComplete()) {
            dropped = now;
        } else if (!now.isComplete()) {
            dropped = Future.join(before, now);
        }
    }

    /** For tests, which look themselves. */
    void engine(MigrationEngine with) {
        engine = with;
    }

    void flush() {
        stores.flush();
    }

    void tidy() {
        housekeeping.look();
    }

    void erase() {
        moves.look();
    }

    /** Only the engine knows what is selected. */
    void mirror() {
        MigrationEngine with = engine;
        if (with != null) {
            mirrors.look(with);
        }
    }

    void count() {
        figures.look();
    }

    private void wake() {
        rounds.wake();
    }

    private static boolean await(Future<?> released, long untilNanos) {
        try {
            Object unused = released.mapEmpty()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("not everything was let go of in time; others take over after the lease timeout", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
