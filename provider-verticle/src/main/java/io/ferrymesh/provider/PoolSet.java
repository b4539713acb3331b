package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.RevocationView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool for each key epoch, from when it is announced until it is retired. Decides which of them asks next;
 * {@link CredentialPools} asks, and guards this. As many as there are trusted keys at most.
 */
final class PoolSet {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialPools.class);

    private final ProviderOptions options;
    private final RandomGenerator random;
    private final Map<KgcPublicKey, Refill> pools = new LinkedHashMap<>();

    PoolSet(ProviderOptions options, RandomGenerator random) {
        this.options = options;
        this.random = random;
    }

    Optional<Refill> get(KgcPublicKey kgc) {
        return Optional.ofNullable(pools.get(kgc));
    }

    /** The pool of a key that has none yet. */
    CredentialPool begin(KgcPublicKey kgc) {
        Refill refill = new Refill(new CredentialPool(options), random, 0);
        if (pools.putIfAbsent(kgc, refill) != null) {
            throw new IllegalStateException("there are credentials under this key already");
        }
        return refill.pool;
    }

    /** Begins pools of new keys and ends those of retired ones; run the result without the lock. */
    List<Runnable> follow(List<KeyEpoch> trusted, long nowMs) {
        for (KeyEpoch epoch : trusted) {
            if (epoch.issues(nowMs / 1_000)) {
                pools.computeIfAbsent(
                        epoch.kgc(), key -> new Refill(new CredentialPool(options), random, firstFillMs(epoch, nowMs)));
            }
        }
        List<KgcPublicKey> keys = trusted.stream().map(KeyEpoch::kgc).toList();
        List<KgcPublicKey> retired =
                pools.keySet().stream().filter(key -> !keys.contains(key)).toList();
        List<Runnable> refusals = new ArrayList<>();
        for (KgcPublicKey key : retired) {
            LOG.info("the credentials under the retired key {} are wiped", key.fingerprint());
            @Nullable Refill ended = pools.remove(key);
            if (ended != null) {
                refusals.addAll(ended.end(new MeshException(ErrorCode.UNAVAILABLE, "the key was retired")));
            }
        }
        return refusals;
    }

    /** Somewhere in the first half of the time until the key is active, so that not every provider asks at once. */
    private long firstFillMs(KeyEpoch epoch, long nowMs) {
        long half = (epoch.activeFrom() * 1_000 - nowMs) / 2;
        long spread = Math.min(half, options.successorSpreadSeconds() * 1_000);
        return spread <= 0 ? nowMs : nowMs + random.nextLong(spread);
    }

    /** Who asks now, the preferred key's pool first. Nobody asks under a key whose successor is active. */
    Optional<Refill.Turn> nextTurn(List<KeyEpoch> trusted, long nowMs) {
        for (KeyEpoch epoch : trusted) {
            @Nullable Refill refill = pools.get(epoch.kgc());
            if (refill != null
                    && epoch.issues(nowMs / 1_000)
                    && epoch.parameters().isPresent()) {
                Optional<Refill.Turn> turn = refill.turn(epoch, nowMs);
                if (turn.isPresent()) {
                    return turn;
                }
            }
        }
        return Optional.empty();
    }

    /** Closes what is about to expire. */
    void maintain(long now) {
        pools.values().forEach(refill -> refill.pool.maintain(now));
    }

    /** Closes what is revoked; how many that were. */
    int dropRevoked(RevocationView revocation, long now) {
        return pools.values().stream()
                .mapToInt(refill -> refill.pool.dropRevoked(revocation, now))
                .sum();
    }

    /** What may sign for more: the pool's own, or else one of another key, which is how a new pool begins. */
    Optional<Credential> signer(Refill wanting, long now) {
        return wanting.pool.signer(now).or(() -> pools.values().stream()
                .flatMap(other -> other.pool.signer(now).stream())
                .findFirst());
    }

    boolean hasSigner(long now) {
        return pools.values().stream()
                .anyMatch(refill -> refill.pool.signer(now).isPresent());
    }

    /** Wipes everything; run the result without the lock. */
    List<Runnable> end(Throwable why) {
        List<Runnable> refusals = new ArrayList<>();
        pools.values().forEach(refill -> refusals.addAll(refill.end(why)));
        pools.clear();
        return refusals;
    }
}
