package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.keys.Shelf;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Validity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
    private final Set<KgcPublicKey> gone = new HashSet<>();

    PoolSet(ProviderOptions options, RandomGenerator random) {
        this.options = options;
        this.random = random;
    }

    Optional<Refill> get(KgcPublicKey kgc) {
        return Optional.ofNullable(pools.get(kgc));
    }

    /** Begins pools of new keys and ends those of retired ones; run the result without the lock. */
    List<Runnable> follow(List<KeyEpoch> trusted, long nowMs) {
        for (KeyEpoch epoch : trusted) {
            pools.computeIfAbsent(
                    epoch.kgc(), key -> new Refill(new CredentialPool(options), random, firstFillMs(epoch, nowMs)));
        }
        List<KgcPublicKey> keys = trusted.stream().map(KeyEpoch::kgc).toList();
        List<KgcPublicKey> retired =
                pools.keySet().stream().filter(key -> !keys.contains(key)).toList();
        List<Runnable> refusals = new ArrayList<>();
        for (KgcPublicKey key : retired) {
            LOG.info("the credentials under the retired key {} are wiped", key.fingerprint());
            gone.add(key);
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

    /** The keys that retired since this was asked last. */
    List<KgcPublicKey> gone() {
        List<KgcPublicKey> retired = List.copyOf(gone);
        gone.clear();
        return retired;
    }

    /** What there is, as the database says. */
    void see(Map<Digest, Shelf> shelves) {
        pools.forEach((key, refill) -> refill.pool.see(shelves.getOrDefault(key.fingerprint(), Shelf.EMPTY)));
    }

    /** The keys that have pools. */
    List<KgcPublicKey> keys() {
        return List.copyOf(pools.keySet());
    }

    /** Under which keys something may sign for more: its own first, or else another, which is how a new pool begins. */
    List<KgcPublicKey> signers(KgcPublicKey wanting, long now) {
        List<KgcPublicKey> signers = new ArrayList<>(pools.keySet());
        signers.removeIf(key -> !hasSigner(key, now));
        signers.sort(Comparator.comparing(key -> !key.equals(wanting)));
        return signers;
    }

    boolean hasSigner(long now) {
        return pools.keySet().stream().anyMatch(key -> hasSigner(key, now));
    }

    private boolean hasSigner(KgcPublicKey key, long now) {
        return get(key).filter(refill -> refill.pool.hasSigner(now)).isPresent();
    }

    /** Until when something signs for more. */
    OptionalLong signerUntil() {
        return pools.values().stream()
                .flatMap(refill -> refill.pool.signer().stream())
                .mapToLong(Validity::notAfter)
                .max();
    }

    /** Under which keys somebody waits. */
    List<KgcPublicKey> wanted() {
        return pools.entrySet().stream()
                .filter(each -> each.getValue().pool.hasWaiting())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether a request is not answered yet. */
    boolean isUnanswered(long nowMs) {
        return pools.values().stream().anyMatch(refill -> refill.isUnanswered(nowMs));
    }

    /** Gives up on those who have waited for another process for too long; run the result without the lock. */
    List<Runnable> impatient(long nowMs) {
        return pools.values().stream()
                .flatMap(refill -> refill.impatient(nowMs).stream())
                .toList();
    }

    /** Ends everything; run the result without the lock. */
    List<Runnable> end(Throwable why) {
        List<Runnable> refusals = new ArrayList<>();
        pools.values().forEach(refill -> refusals.addAll(refill.end(why)));
        pools.clear();
        return refusals;
    }
}
