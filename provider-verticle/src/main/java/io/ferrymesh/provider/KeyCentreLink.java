package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.CredentialPools.Standing;
import io.ferrymesh.provider.keys.BoundDatabase;
import io.ferrymesh.provider.keys.StoredCredentials;
import io.ferrymesh.provider.keys.TrustedKeys;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one process of a provider has to do with the key centre. Starts in this order: whether database and key file belong
 * together, the key centre's keys from the fingerprint on, who is revoked, and enrolment if the database holds nothing to ask for
 * credentials with. To enrol, it waits a while for a key centre that is not there, and fails with the first step that does. So a
 * start that cannot succeed keeps its token, and of several processes that start at once, one spends it. A provider that has
 * enrolled before goes on without the key centre, and tries until it is there. Any thread.
 */
final class KeyCentreLink implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeyCentreLink.class);
    private static final long MAINTAIN_EVERY_MS = 1_000;
    private static final String UNUSED = "the enrolment token was not used";

    private final Vertx vertx;
    private final Mesh mesh;
    private final ProviderOptions options;
    private final ProviderState state;
    private final Optional<EnrolmentToken> token;
    private final Workers workers;
    private final Clock clock;
    private final SecureRandom random;
    private final KgcClient kgc;
    private final Patience patience;
    private final List<Long> timers = new ArrayList<>(); // guarded by this
    private volatile @Nullable Parts parts;
    private volatile Optional<HealthReason> disagreement = Optional.empty();
    private final Absence absence = new Absence();
    private volatile boolean closed;

    private record Parts(
            TrustedKeys kept, KgcTrust trust, RevocationWatch watch, CredentialPools pools, boolean enrolledBefore) {

        ProviderKeys keys() {
            return new ProviderKeys(trust, pools, watch);
        }
    }

    /** Tries a step, once or more often. */
    private interface Trying {
        <T> Future<T> of(Supplier<Future<T>> step);
    }

    KeyCentreLink(
            Vertx vertx,
            Mesh mesh,
            ProviderOptions options,
            ProviderState state,
            Optional<EnrolmentToken> token,
            WorkerExecutor workers,
            Clock clock,
            SecureRandom random) {
        this.vertx = vertx;
        this.mesh = mesh;
        this.options = options;
        this.state = state;
        this.token = token;
        this.workers = Workers.on(workers);
        this.clock = clock;
        this.random = random;
        this.kgc = new KgcClient(mesh, workers, clock, random);
        this.patience = new Patience(clock, ms -> vertx.timer(ms).mapEmpty(), options.startWaitSeconds(), random);
    }

    /**
     * Completes when the provider can do what it can: when it has its keys and what needs them runs, or, if it has enrolled before, when
     * the key centre was looked for in vain. Then that comes later. Once.
     *
     * @param whenThere is given the keys, which are kept current from then on; again if it fails after the start
     */
    Future<Void> start(Function<ProviderKeys, Future<Void>> whenThere) {
        return unspent(workers.run(this::prepared)).compose(all -> {
            parts = all;
            return all.enrolledBefore()
                    ? startAnyway(all, whenThere)
                    : reach(all, patience::insist)
                            .compose(reached -> keepCurrent(all))
                            .compose(kept -> whenThere.apply(all.keys()));
        });
    }

    /** The provider goes on without the key centre: its users' objects need none. */
    private Future<Void> startAnyway(Parts all, Function<ProviderKeys, Future<Void>> whenThere) {
        Promise<Void> started = Promise.promise();
        Consumer<Throwable> told = failure -> notReached(failure, started);
        BooleanSupplier over = () -> closed || started.future().failed();
        patience.persist(() -> reach(all, Supplier::get), told, over)
                .compose(reached -> keepCurrent(all))
                .compose(kept -> patience.persist(() -> whenThere.apply(all.keys()), told, over))
                .onSuccess(there -> absence.over())
                .onSuccess(started::tryComplete)
                .onFailure(started::tryFail);
        return started.future();
    }

    /** What is wrong with the provider itself ends a start; it has no key centre to wait for. */
    private void notReached(Throwable failure, Promise<Void> started) {
        if (!closed && !(failure instanceof MeshException) && started.tryFail(failure)) {
            return;
        }
        if (!closed && !started.future().failed()) {
            absence.note(failure);
        }
        boolean unused = started.tryComplete();
    }

    /** What was learnt once is not forgotten when a later step fails. */
    private static Future<Void> trusted(KgcTrust trust) {
        return trust.newest().isPresent() ? trust.refresh() : trust.start();
    }

    private Future<Void> reach(Parts all, Trying trying) {
        return unspent(trying.of(() -> trusted(all.trust())))
                .compose(trusted -> unspent(remember(all)))
                .compose(remembered -> unspent(trying.of(all.watch()::refresh)))
                .compose(known -> unspent(all.pools().dropRevoked(all.watch())))
                .compose(dropped -> enrolled(all, trying));
    }

    /** What is wrong with the keys, with who is revoked, and with the credentials; or that nothing is known of all that. */
    List<HealthReason> problems() {
        Parts all = parts;
        List<HealthReason> reasons = new ArrayList<>();
        Optional<HealthReason> absent = absence.reason();
        if (absent.isPresent()) {
            reasons.add(absent.get());
            disagreement.ifPresent(reasons::add);
        } else if (all != null) {
            all.trust().problem().or(() -> disagreement).ifPresent(reasons::add);
            reasons.addAll(all.watch().problems());
            reasons.addAll(all.pools().problems());
        }
        return reasons;
    }

    /** Numbers for people to look at. */
    KeyCentreFigures figures() {
        Parts all = parts;
        return all == null
                ? KeyCentreFigures.NONE
                : new KeyCentreFigures(
                        all.pools().stock(),
                        all.pools().signerUntil(),
                        all.watch().bulletinAt());
    }

    private Parts prepared() {
        BoundDatabase.require(state.database(), state.secrets());
        TrustedKeys kept = new TrustedKeys(state.database(), state.secrets());
        Digest pin = kept.start(options.kgcFingerprint(), clock.instant().getEpochSecond());
        KgcTrust trust = new KgcTrust(kgc::parameters, pin, clock);
        RevocationWatch watch = new RevocationWatch(kgc, trust::newest, options.revocationMaxAgeSeconds(), clock);
        long validity = options.certificateValiditySeconds();
        CredentialSource source = (parameters, signer, lines) -> kgc.renewal(parameters, signer, lines, validity);
        StoredCredentials stored =
                new StoredCredentials(state.database(), state.secrets(), options.expiryMarginSeconds());
        CredentialShelves shelves = new CredentialShelves(stored, workers, clock, random);
        CredentialPools pools = new CredentialPools(trust::epochs, source, shelves, options, clock, random);
        // Without a token there is nothing to insist for, however old what it has.
        boolean enrolledBefore = !kept.all().isEmpty()
                && (token.isEmpty() || stored.hasSigner(clock.instant().getEpochSecond()));
        return new Parts(kept, trust, watch, pools, enrolledBefore);
    }

    /** Keeps what is trusted now for the next start; what another process was told otherwise is a contradiction. */
    private Future<Void> remember(Parts all) {
        List<TrustedKeys.Trusted> heard = all.trust().epochs().stream()
                .map(epoch -> new TrustedKeys.Trusted(
                        epoch.number(),
                        epoch.kgc().fingerprint(),
                        epoch.successor().map(next -> next.retires())))
                .toList();
        return workers.run(() -> all.kept().learn(heard)).map(fits -> {
            if (!fits && disagreement.isEmpty()) {
                HealthReason reason = HealthReason.lasting(
                        "KGC_CONTRADICTION",
                        "the key centre names other keys than it did before, or to another process of this provider");
                LOG.error("{}: {}", reason.code(), reason.detail());
                disagreement = Optional.of(reason);
            }
            return null;
        });
    }

    private Future<Void> enrolled(Parts all, Trying trying) {
        return unspent(trying.of(() -> all.pools().standing().compose(KeyCentreLink::oursOrDone)))
                .compose(standing -> {
                    if (standing == Standing.ENROLLED) {
                        LOG.info("enrolled before; {}", token.isPresent() ? UNUSED : "credentials are in the database");
                        return Future.succeededFuture();
                    }
                    long again = vertx.setPeriodic(
                            CredentialShelves.LEASE_MS / 3,
                            timer -> all.pools().standing().onFailure(e -> LOG.debug("the lease is not prolonged", e)));
                    return enrol(all).onComplete(done -> vertx.cancelTimer(again));
                });
    }

    private static Future<Standing> oursOrDone(Standing standing) {
        return standing == Standing.ELSEWHERE
                ? Future.failedFuture(
                        new MeshException(ErrorCode.UNAVAILABLE, "another process of this provider is enrolling"))
                : Future.succeededFuture(standing);
    }

    /** The same bytes until credentials are in the database: the token is spent once, however often they arrive. */
    private Future<Void> enrol(Parts all) {
        KeyEpoch epoch = all.trust().preferred();
        if (token.isEmpty()) {
            return all.pools()
                    .giveUp()
                    .compose(
                            released -> Future.failedFuture(
                                    new MeshException(
                                            ErrorCode.NOT_ENROLLED,
                                            "the database holds no valid credentials: start this provider with a new enrolment token")));
        }
        if (epoch.parameters().isEmpty()) {
            return unspent(Future.failedFuture(
                    new MeshException(ErrorCode.UNAVAILABLE, "the key centre says nothing of its new " + epoch)));
        }
        Future<Issuance> request = kgc.enrolment(
                epoch.parameters().get(),
                token.get(),
                CredentialPool.firstLines(options),
                options.certificateValiditySeconds());
        return request.compose(made -> patience.insistWhatever(
                        () -> made.send().compose(credentials -> all.pools().enrolled(epoch.kgc(), credentials)))
                .recover(failure -> all.pools()
                        .giveUp()
                        .compose(released -> Future.failedFuture(noting(failure, "the enrolment token may be spent"))))
                .onComplete(done -> made.close()));
    }

    private <T> Future<T> unspent(Future<T> step) {
        return step.recover(failure -> Future.failedFuture(token.isPresent() ? noting(failure, UNUSED) : failure));
    }

    private static Throwable noting(Throwable failure, String note) {
        return failure instanceof MeshException mesh
                ? new MeshException(mesh.code(), mesh.getMessage() + " (" + note + ")", mesh)
                : failure;
    }

    private Future<Void> keepCurrent(Parts all) {
        all.watch().onRevoked(() -> {
            Future<Void> unused = all.pools().dropRevoked(all.watch()); // says itself what fails
        });
        every(options.revocationRefreshMs(), options.revocationRefreshMs(), () -> {
            all.watch().noteFreshness();
            return all.watch().refresh();
        });
        every(1 + random.nextLong(options.trustRefreshMs()), options.trustRefreshMs(), () -> all.trust()
                .refresh()
                .compose(learnt -> remember(all)));
        every(MAINTAIN_EVERY_MS, MAINTAIN_EVERY_MS, all.pools()::maintain);
        return mesh.subscribe(KgcServices.BULLETINS, all.watch()::heard).otherwise(failure -> {
            LOG.warn("published bulletins are not heard, only asked for: {}", failure.getMessage());
            return null;
        });
    }

    /** What fails has told those whom it concerns, and is tried again. */
    private synchronized void every(long firstMs, long thenMs, Supplier<Future<Void>> task) {
        if (!closed) {
            timers.add(vertx.setPeriodic(
                    firstMs, thenMs, timer -> task.get().onFailure(e -> LOG.debug("to be tried again", e))));
        }
    }

    /** Asks nothing more; whoever waits for a credential is told. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            timers.forEach(vertx::cancelTimer);
        }
        Parts all = parts;
        if (all != null) {
            all.watch().close();
            all.pools().close();
        }
    }
}
