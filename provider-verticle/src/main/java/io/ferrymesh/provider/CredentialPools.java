package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider's stock of pseudonyms, a pool for each key epoch. Each credential is handed out once, to one taker, who closes
 * it. More are fetched in the background, one request at a time: for a successor as soon as it is announced, after a random
 * delay, and no more for a key whose successor is active. What is about to expire is closed, and so is the pool of a retired
 * key. When the key centre refuses, it is asked again after a {@link Backoff}, however many takers there are. Any thread.
 */
final class CredentialPools implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialPools.class);

    private final Supplier<List<KeyEpoch>> epochs;
    private final CredentialSource source;
    private final Clock clock;
    // what follows is guarded by this
    private final PoolSet pools;
    private final IssuerTrouble trouble = new IssuerTrouble();
    /** Whether the last signing credential was revoked, and not only too old. */
    private boolean signerRevoked;

    private boolean asking;
    private boolean closed;

    /** No pools yet. The epochs are those trusted at the time of asking, the preferred one first. */
    CredentialPools(
            Supplier<List<KeyEpoch>> epochs,
            CredentialSource source,
            ProviderOptions options,
            Clock clock,
            RandomGenerator random) {
        this.epochs = epochs;
        this.source = source;
        this.clock = clock;
        this.pools = new PoolSet(options, random);
    }

    /** What enrolment under a key gave; one of the signing credentials is kept back. */
    void enrolled(KgcPublicKey kgc, List<Credential> first) {
        synchronized (this) {
            if (closed) {
                first.forEach(Credential::close);
                return;
            }
            List<Runnable> nobodyWaits = pools.begin(kgc).add(first, now());
            nobodyWaits.forEach(Runnable::run);
        }
        LOG.info("enrolled: the key centre issued {} credentials", first.size());
    }

    /**
     * Hands out a fresh credential under this key, never one that was handed out before; the caller closes it. Waits for a
     * request under way when the stock is empty. Fails with what the key centre refused with last while it is not asked
     * again, and with UNAVAILABLE when there are none under this key and none to be had.
     */
    Future<Credential> take(KgcPublicKey kgc, Usage usage) {
        Future<Credential> taken;
        List<Runnable> refusals;
        synchronized (this) {
            refusals = follow();
            taken = poll(kgc, usage);
        }
        refusals.forEach(Runnable::run);
        fill().onFailure(CredentialPools::told);
        return taken;
    }

    private Future<Credential> poll(KgcPublicKey kgc, Usage usage) {
        Optional<Refill> refill = pools.get(kgc);
        if (closed || refill.isEmpty()) {
            return closed
                    ? refuse(ErrorCode.CANCELLED, "the credential pool is closed")
                    : refuse(ErrorCode.UNAVAILABLE, "no credentials under this key");
        }
        Optional<Credential> next = refill.get().pool.stock(usage).poll(now());
        return next.map(Future::succeededFuture).orElseGet(() -> await(refill.get(), kgc, usage));
    }

    private Future<Credential> await(Refill refill, KgcPublicKey kgc, Usage usage) {
        boolean issued = epochs.get().stream().anyMatch(epoch -> epoch.kgc().equals(kgc) && epoch.issues(now()));
        if (!issued) {
            return refuse(ErrorCode.UNAVAILABLE, "no credentials are left under a key that is superseded");
        }
        Optional<MeshException> refusal = refill.refusal(clock.millis());
        return refusal.isPresent() ? Future.failedFuture(refusal.get()) : refill.pool.await(usage);
    }

    /** Credentials in stock under a key. */
    synchronized int available(KgcPublicKey kgc, Usage usage) {
        return pools.get(kgc).map(refill -> refill.pool.stock(usage).size()).orElse(0);
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

    /** Closes what expires soon or is of a retired key, and fetches more where it is low. Completes when that is done. */
    Future<Void> maintain() {
        List<Runnable> refusals;
        synchronized (this) {
            refusals = follow();
            pools.maintain(now());
        }
        refusals.forEach(Runnable::run);
        return fill();
    }

    /** Closes what is revoked, which happens when the key centre's operators revoke this provider. */
    void dropRevoked(RevocationView revocation) {
        int dropped;
        synchronized (this) {
            dropped = pools.dropRevoked(revocation, now());
            signerRevoked |= dropped > 0 && !pools.hasSigner(now());
        }
        if (dropped > 0) {
            LOG.error("{} of this provider's pseudonyms were revoked", dropped);
        }
    }

    private List<Runnable> follow() {
        return closed ? List.of() : pools.follow(epochs.get(), clock.millis());
    }

    /** Asks for one pool, and then for the next, until nothing is missing or due. */
    private Future<Void> fill() {
        Optional<Refill.Turn> turn;
        synchronized (this) {
            turn = asking || closed ? Optional.empty() : pools.nextTurn(epochs.get(), clock.millis());
            asking |= turn.isPresent();
        }
        return turn.map(this::ask).orElseGet(Future::succeededFuture);
    }

    private Future<Void> ask(Refill.Turn turn) {
        return request(turn)
                .compose(Issuance::send)
                .compose(
                        credentials -> {
                            filled(turn, credentials);
                            return fill();
                        },
                        failure -> {
                            notFilled(turn, failure);
                            return Future.failedFuture(failure);
                        });
    }

    /** The one that is not answered yet, or else a new one. */
    private Future<Issuance> request(Refill.Turn turn) {
        if (turn.again().isPresent()) {
            return Future.succeededFuture(turn.again().get());
        }
        Optional<Credential> signer;
        synchronized (this) {
            signer = pools.signer(turn.refill(), now());
        }
        return signer.map(by -> source.renewal(turn.parameters(), by, turn.lines()))
                .orElseGet(() -> Future.failedFuture(noSigner()))
                .onSuccess(made -> keep(turn.refill(), made));
    }

    private synchronized void keep(Refill refill, Issuance made) {
        refill.keep(made, clock.millis());
    }

    private synchronized MeshException noSigner() {
        return signerRevoked
                ? new MeshException(ErrorCode.REVOKED, "the signing certificate was revoked")
                : new MeshException(
                        ErrorCode.NOT_ENROLLED, "the signing certificate has expired; enrol again with a new token");
    }

    private void filled(Refill.Turn turn, List<Credential> credentials) {
        Refill refill = turn.refill();
        List<Runnable> deliveries;
        boolean useless;
        synchronized (this) {
            asking = false;
            if (closed || refill.hasEnded()) {
                credentials.forEach(Credential::close);
                return;
            }
            useless = credentials.stream().anyMatch(each -> refill.pool.expiresSoon(each, now()));
            refill.answered();
            trouble.over();
            deliveries = refill.pool.add(credentials, now());
        }
        LOG.info("the key centre issued {} credentials under {}", credentials.size(), turn.epoch());
        deliveries.forEach(Runnable::run);
        if (useless) {
            notFilled(
                    turn, new MeshException(ErrorCode.INVALID_MESSAGE, "what the key centre issued expires too soon"));
        }
    }

    private void notFilled(Refill.Turn turn, Throwable why) {
        List<Runnable> refusals;
        synchronized (this) {
            asking = false;
            ErrorCode code = why instanceof MeshException mesh ? mesh.code() : ErrorCode.INTERNAL;
            refusals = turn.refill().refused(code, String.valueOf(why.getMessage()), clock.millis());
            if (!closed) {
                trouble.refused(code, why);
            }
        }
        refusals.forEach(Runnable::run);
    }

    private static Future<Credential> refuse(ErrorCode code, String why) {
        return Future.failedFuture(new MeshException(code, why));
    }

    /** {@link #notFilled} has told those whom it concerns. */
    private static void told(Throwable why) {
        LOG.debug("filling failed", why);
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /** Wipes every key that is still here; who waits is told CANCELLED. */
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
