package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.Refill.Turn;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider's stock of pseudonyms, a pool for each key epoch, in the database that all its processes share. Each credential is
 * handed out once, to one taker, who closes it. More are fetched in the background, one request at a time of all processes
 * together: for a successor as soon as it is announced, after a random delay, and no more for a key whose successor is active.
 * What is about to expire is removed, and so is the pool of a retired key. When the key centre refuses, it is asked again after a
 * {@link Backoff}, however many takers there are. Any thread.
 */
final class CredentialPools implements AutoCloseable {

    /** Who may spend the token. */
    enum Standing {
        /** Nobody needs to: there is a credential to ask for more with. */
        ENROLLED,
        /** This process. */
        OURS,
        /** Another process is about to. */
        ELSEWHERE
    }

    private static final Logger LOG = LoggerFactory.getLogger(CredentialPools.class);

    private final Supplier<List<KeyEpoch>> epochs;
    private final CredentialSource source;
    private final CredentialShelves shelves;
    private final Clock clock;
    // what follows is guarded by this
    private final PoolSet pools;
    private final IssuerTrouble trouble = new IssuerTrouble();
    /** Whether the last signing credential was revoked, and not only too old. */
    private boolean signerRevoked;

    private boolean asking;
    private boolean looking;
    private boolean closed;

    /** No pools yet. The epochs are those trusted at the time of asking, the preferred one first. */
    CredentialPools(
            Supplier<List<KeyEpoch>> epochs,
            CredentialSource source,
            CredentialShelves shelves,
            ProviderOptions options,
            Clock clock,
            RandomGenerator random) {
        this.epochs = epochs;
        this.source = source;
        this.shelves = shelves;
        this.clock = clock;
        this.pools = new PoolSet(options, random);
    }

    /** Whether to enrol. When it is OURS, nobody else
     * enrols until {@link #enrolled}, as long as this is asked again every few seconds. */
    Future<Standing> standing() {
        return shelves.lease().compose(ours -> look().compose(looked -> {
            boolean enrolled;
            synchronized (this) {
                enrolled = pools.hasSigner(now());
            }
            if (!enrolled) {
                return Future.succeededFuture(ours ? Standing.OURS : Standing.ELSEWHERE);
            }
            return (ours ? shelves.release() : Future.<Void>succeededFuture()).map(Standing.ENROLLED);
        }));
    }

    /** Keeps what enrolment under a key gave, which it closes; one of the signing credentials is kept back. */
    Future<Void> enrolled(KgcPublicKey kgc, List<Credential> first) {
        return shelves.put(kgc, first)
                .onSuccess(kept -> LOG.info("enrolled: the key centre issued {} credentials", first.size()))
                .compose(kept -> look())
                .compose(looked -> shelves.release());
    }

    /** Lets another process enrol. */
    Future<Void> giveUp() {
        return shelves.release();
    }

    /**
     * Hands out a fresh credential under this key, never one that was handed out before; the caller closes it. Waits for a
     * request under way when the stock is empty. Fails with what the key centre refused with last while it is not asked
     * again, and with UNAVAILABLE when there are none under this key and none to be had.
     */
    Future<Credential> take(KgcPublicKey kgc, Usage usage) {
        if (!CredentialPool.USAGES.contains(usage)) {
            throw new IllegalArgumentException("no credentials for " + usage + " are kept");
        }
        List<Runnable> refusals;
        Optional<MeshException> refusal;
        synchronized (this) {
            refusals = follow();
            refusal = closedOrUnknown(kgc);
        }
        refusals.forEach(Runnable::run);
        return refusal.isPresent()
                ? Future.failedFuture(refusal.get())
                : shelves.take(kgc, usage, 1).compose(found -> {
                    Future<Credential> taken = found.isEmpty() ? await(kgc, usage) : handOut(kgc, usage, found.get(0));
                    fill().onFailure(CredentialPools::told);
                    return taken;
                });
    }

    private Optional<MeshException> closedOrUnknown(KgcPublicKey kgc) {
        if (closed) {
            return Optional.of(new MeshException(ErrorCode.CANCELLED, "the credential pool is closed"));
        }
        return pools.get(kgc).isPresent()
                ? Optional.empty()
                : Optional.of(new MeshException(ErrorCode.UNAVAILABLE, "no credentials under this key"));
    }

    private synchronized Future<Credential> handOut(KgcPublicKey kgc, Usage usage, Credential found) {
        pools.get(kgc).ifPresent(refill -> refill.pool.changed(usage, -1));
        return Future.succeededFuture(found);
    }

    private synchronized Future<Credential> await(KgcPublicKey kgc, Usage usage) {
        Optional<MeshException> refusal = closedOrUnknown(kgc);
        if (refusal.isPresent()) {
            return Future.failedFuture(refusal.get());
        }
        Refill refill = pools.get(kgc).orElseThrow();
        refill.pool.seenEmpty(usage);
        boolean issued = epochs.get().stream().anyMatch(epoch -> epoch.kgc().equals(kgc) && epoch.issues(now()));
        if (!issued) {
            return Future.failedFuture(
                    new MeshException(ErrorCode.UNAVAILABLE, "no credentials are left under a key that is superseded"));
        }
        return refill.refusal(clock.millis())
                .map(Future::<Credential>failedFuture)
                .orElseGet(() -> refill.pool.takers(usage).await());
    }

    /** Credentials in stock under a key, when this process looked last. */
    synchronized int available(KgcPublicKey kgc, Usage usage) {
        return closed
                ? 0
                : pools.get(kgc).map(refill -> refill.pool.stock(usage)).orElse(0);
    }

    /** Credentials of each usage under the key that is used first, when this process looked last. */
    synchronized Map<Usage, Integer> stock() {
        Map<Usage, Integer> stock = new EnumMap<>(Usage.class);
        Optional<Refill> first =
                closed ? Optional.empty() : epochs.get().stream().findFirst().flatMap(epoch -> pools.get(epoch.kgc()));
        first.ifPresent(refill -> CredentialPool.USAGES.forEach(usage -> stock.put(usage, refill.pool.stock(usage))));
        return stock;
    }

    /** Until when one of them signs for more, under whichever key. */
    synchronized OptionalLong signerUntil() {
        return closed ? OptionalLong.empty() : pools.signerUntil();
    }

    /** Whether a handshake under this key would find both credentials it needs. */
    synchronized boolean isStocked(KgcPublicKey kgc) {
        return pools.get(kgc).map(refill -> !refill.pool.isEmpty()).orElse(false);
    }

    /** What is wrong with the stock. */
    synchronized List<HealthReason> problems() {
        List<HealthReason> problems = new ArrayList<>(trouble.lasting().stream().toList());
        if (!closed && epochs.get().stream().noneMatch(epoch -> isStocked(epoch.kgc()))) {
            problems.add(new HealthReason("NO_CREDENTIALS", "no pseudonyms are left; no migration can begin"));
        }
        return problems;
    }

    /**
     * Removes what expires soon or is of a retired key, looks what the other processes have taken and fetched, and fetches more
     * where it is low. Completes when that is done.
     */
    Future<Void> maintain() {
        boolean unanswered;
        synchronized (this) {
            if (looking) {
                return Future.succeededFuture();
            }
            looking = true;
            unanswered = pools.isUnanswered(clock.millis());
        }
        return (unanswered ? shelves.lease() : Future.succeededFuture(false))
                .compose(leased -> look())
                .compose(looked -> deliver())
                .onComplete(done -> looked())
                .compose(delivered -> fill());
    }

    private void looked() {
        List<Runnable> refusals;
        synchronized (this) {
            looking = false;
            refusals = asking ? List.of() : pools.impatient(clock.millis());
        }
        refusals.forEach(Runnable::run);
    }

    /** Follows the keys, and takes in what the database says now. */
    private Future<Void> look() {
        List<Runnable> refusals;
        List<KgcPublicKey> gone;
        List<KgcPublicKey> trusted;
        synchronized (this) {
            refusals = follow();
            gone = pools.gone();
            trusted = pools.keys();
        }
        refusals.forEach(Runnable::run);
        return shelves.look(gone, trusted).map(seen -> {
            synchronized (this) {
                pools.see(seen);
            }
            return null;
        });
    }

    /** Removes what is revoked, which happens when the key centre's operators revoke this provider. */
    Future<Void> dropRevoked(RevocationView revocation) {
        return shelves.dropIf(pseudonym -> revocation.status(pseudonym, now()) == RevocationView.Status.REVOKED)
                .compose(dropped -> look().map(dropped))
                .onSuccess(dropped -> {
                    synchronized (this) {
                        signerRevoked |= dropped > 0 && !pools.hasSigner(now());
                    }
                    if (dropped > 0) {
                        LOG.error("{} of this provider's pseudonyms were revoked", dropped);
                    }
                })
                .onFailure(e -> LOG.error("this provider's pseudonyms that were revoked are not removed yet", e))
                .mapEmpty();
    }

    private List<Runnable> follow() {
        return closed ? List.of() : pools.follow(epochs.get(), clock.millis());
    }

    /** Serves those who wait from what is in the database by now. */
    private Future<Void> deliver() {
        Future<Void> done = Future.succeededFuture();
        List<KgcPublicKey> wanted;
        synchronized (this) {
            wanted = pools.wanted();
        }
        for (KgcPublicKey kgc : wanted) {
            for (Usage usage : CredentialPool.USAGES) {
                done = done.compose(before -> deliver(kgc, usage));
            }
        }
        return done;
    }

    private Future<Void> deliver(KgcPublicKey kgc, Usage usage) {
        int waiting;
        synchronized (this) {
            waiting = pools.get(kgc)
                    .filter(refill -> refill.pool.stock(usage) > 0)
                    .map(refill -> refill.pool.takers(usage).size())
                    .orElse(0);
        }
        return waiting == 0
                ? Future.succeededFuture()
                : shelves.take(kgc, usage, waiting).compose(found -> serve(kgc, usage, found));
    }

    private Future<Void> serve(KgcPublicKey kgc, Usage usage, List<Credential> found) {
        List<Runnable> deliveries = new ArrayList<>();
        List<Credential> left = new ArrayList<>();
        synchronized (this) {
            Optional<Refill> refill = pools.get(kgc);
            for (Credential each : found) {
                Optional<Promise<Credential>> taker =
                        refill.flatMap(of -> of.pool.takers(usage).next());
                taker.ifPresentOrElse(to -> deliveries.add(() -> to.complete(each)), () -> left.add(each));
            }
            refill.ifPresent(of -> of.pool.changed(usage, -deliveries.size()));
        }
        deliveries.forEach(Runnable::run);
        return left.isEmpty() ? Future.succeededFuture() : shelves.put(kgc, left);
    }

    /** Asks for one pool, and then for the next, until nothing is missing or due, or another process asks. */
    private Future<Void> fill() {
        synchronized (this) {
            if (asking || nextTurn().isEmpty()) {
                return Future.succeededFuture();
            }
            asking = true;
        }
        return askNext();
    }

    private Optional<Turn> nextTurn() {
        return closed ? Optional.empty() : pools.nextTurn(epochs.get(), clock.millis());
    }

    /** Asks for what is missing when nobody else may ask: another process may have filled it just before. */
    private Future<Void> askNext() {
        return shelves.lease()
                .compose(ours -> ours ? look().map(true) : Future.succeededFuture(false))
                .compose(
                        ours -> {
                            Optional<Turn> turn;
                            synchronized (this) {
                                turn = ours ? nextTurn() : Optional.empty();
                            }
                            return turn.map(this::ask).orElseGet(() -> ours ? idle().compose(idle -> fill()) : idle());
                        },
                        failure -> idle().compose(idle -> Future.failedFuture(failure)));
    }

    /** Lets others ask, unless a request is unanswered: it may have been carried out, and be answered yet. */
    private Future<Void> idle() {
        boolean unanswered;
        synchronized (this) {
            unanswered = pools.isUnanswered(clock.millis());
        }
        return (unanswered ? Future.<Void>succeededFuture() : shelves.release()).onComplete(done -> {
            synchronized (this) {
                asking = false;
            }
        });
    }

    private Future<Void> ask(Turn turn) {
        return request(turn)
                .compose(Issuance::send)
                .compose(credentials -> keep(turn, credentials))
                .compose(kept -> askNext(), failure -> {
                    notFilled(turn, failure);
                    return idle().compose(idle -> Future.failedFuture(failure));
                });
    }

    /** The one that is not answered yet, or else a new one. */
    private Future<Issuance> request(Turn turn) {
        if (turn.again().isPresent()) {
            return Future.succeededFuture(turn.again().get());
        }
        List<KgcPublicKey> signers;
        synchronized (this) {
            signers = pools.signers(turn.epoch().kgc(), now());
        }
        return shelves.signer(signers)
                .compose(signer -> signer.map(by -> source.renewal(turn.parameters(), by, turn.lines())
                                .onComplete(made -> by.close()))
                        .orElseGet(() -> Future.failedFuture(noSigner())))
                .onSuccess(made -> unanswered(turn.refill(), made));
    }

    private synchronized void unanswered(Refill refill, Issuance made) {
        refill.keep(made, clock.millis());
    }

    private synchronized MeshException noSigner() {
        return signerRevoked
                ? new MeshException(ErrorCode.REVOKED, "the signing certificate was revoked")
                : new MeshException(
                        ErrorCode.NOT_ENROLLED, "the signing certificate has expired; enrol again with a new token");
    }

    /** Only what is durably kept counts as an answer: if it cannot be kept, the same bytes bring the same again. */
    private Future<Void> keep(Turn turn, List<Credential> credentials) {
        Refill refill = turn.refill();
        boolean useless = credentials.stream()
                .anyMatch(each ->
                        refill.pool.expiresSoon(each.certificate().info().validity(), now()));
        return shelves.put(turn.epoch().kgc(), credentials)
                .compose(kept -> look())
                .compose(looked -> {
                    synchronized (this) {
                        refill.answered();
                        trouble.over();
                        refill.pool.filled(now());
                    }
                    LOG.info("the key centre issued {} credentials under {}", credentials.size(), turn.epoch());
                    return deliver();
                })
                .onSuccess(delivered -> {
                    if (useless) {
                        notFilled(
                                turn,
                                new MeshException(
                                        ErrorCode.INVALID_MESSAGE, "what the key centre issued expires too soon"));
                    }
                });
    }

    private void notFilled(Turn turn, Throwable why) {
        List<Runnable> refusals;
        synchronized (this) {
            ErrorCode code = why instanceof MeshException mesh ? mesh.code() : ErrorCode.INTERNAL;
            refusals = turn.refill().refused(code, String.valueOf(why.getMessage()), clock.millis());
            if (!closed) {
                trouble.refused(code, why);
            }
        }
        refusals.forEach(Runnable::run);
    }

    /** {@link #notFilled} has told those whom it concerns. */
    private static void told(Throwable why) {
        LOG.debug("filling failed", why);
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /** Gives up what only this process has: whoever waits is told CANCELLED. What is in the database stays there. */
    @Override
    public void close() {
        List<Runnable> refusals;
        synchronized (this) {
            closed = true;
            refusals = pools.end(new MeshException(ErrorCode.CANCELLED, "the credential pool is closed"));
        }
        refusals.forEach(Runnable::run);
    }
}
