package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.KgcPublicKey;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which keys of the key centre this provider trusts: the one whose fingerprint it was configured with, the pin, and those
 * that follow from it. Learns while it runs; a provider that starts later than its pin is retired must be given a newer one.
 * Any thread.
 */
final class KgcTrust {

    private static final Logger LOG = LoggerFactory.getLogger(KgcTrust.class);

    private final Function<Digest, Future<KgcParameters>> source;
    private final Digest pin;
    private final Clock clock;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile @Nullable KeyChain chain;
    private volatile Optional<HealthReason> trouble = Optional.empty();

    /** Trusts nobody yet. What the source gives must be verified. */
    KgcTrust(Function<Digest, Future<KgcParameters>> source, Digest pin, Clock clock) {
        this.source = source;
        this.pin = pin;
        this.clock = clock;
    }

    /**
     * Learns the chain from the pin on. Fails with KEY_RETIRED when the pin is not trusted any more, INVALID_MESSAGE when
     * what the key centre says of it cannot be trusted, and UNAVAILABLE when it says nothing.
     */
    Future<Void> start() {
        return source.apply(pin)
                .recover(failure -> Future.failedFuture(explained(failure)))
                .map(heard -> {
                    requireTrusted(heard);
                    chain = KeyChain.pinned(heard);
                    return (Void) null;
                })
                .compose(begun -> refresh())
                .compose(begun -> preferred().parameters().isPresent()
                        ? Future.<Void>succeededFuture()
                        : Future.failedFuture(new MeshException(
                                ErrorCode.UNAVAILABLE, "no parameters of the key centre's " + preferred())))
                .recover(failure -> startFailed(failure));
    }

    /** Asks once for what every key says, unless that is under way. A failure is kept for {@link #problem()}. */
    Future<Void> refresh() {
        if (!asking.compareAndSet(false, true)) {
            return Future.succeededFuture();
        }
        return learn(0).onComplete(done -> asking.set(false));
    }

    /** The trusted keys, the one to use first; those that are only announced come last. Empty before the start. */
    List<KeyEpoch> epochs() {
        KeyChain known = chain;
        return known == null ? List.of() : known.at(now()).byPreference(now());
    }

    /** The public keys of {@link #epochs()}. */
    List<KgcPublicKey> keys() {
        return epochs().stream().map(KeyEpoch::kgc).toList();
    }

    /** The last of the chain, active or only announced. Empty before the start; from then on only a newer one follows. */
    Optional<KgcPublicKey> newest() {
        KeyChain known = chain;
        return Optional.ofNullable(known).map(KeyChain::newest).map(KeyEpoch::kgc);
    }

    /** The key to use. */
    KeyEpoch preferred() {
        return epochs().stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing is known of the key centre yet"));
    }

    /** What is wrong with the keys. */
    Optional<HealthReason> problem() {
        return trouble;
    }

    /** Asks for the keys one after the other; a successor that one of them names comes to the end. */
    private Future<Void> learn(int index) {
        List<KeyEpoch> known = dropRetired();
        if (index >= known.size()) {
            return Future.succeededFuture();
        }
        KeyEpoch epoch = known.get(index);
        return source.apply(epoch.kgc().fingerprint())
                .map(heard -> {
                    take(epoch, heard);
                    return (Void) null;
                })
                .otherwise(failure -> {
                    notLearnt(epoch, failure);
                    return null;
                })
                .compose(next -> learn(index + 1));
    }

    private List<KeyEpoch> dropRetired() {
        KeyChain before = started();
        KeyChain after = before.at(now());
        if (after.epochs().size() < before.epochs().size()) {
            LOG.info(
                    "the key centre's keys before {} are retired",
                    after.epochs().get(0));
            chain = after;
        }
        return after.epochs();
    }

    private void take(KeyEpoch epoch, KgcParameters heard) {
        KeyChain before = started();
        if (epoch.successor().isEmpty()) {
            requireTrusted(heard);
        }
        KeyChain after = before.learn(heard);
        if (after.epochs().size() > before.epochs().size()) {
            KeyEpoch next = after.newest();
            LOG.info("the key centre announced {}, active from {}", next, next.activeFrom());
        }
        chain = after;
        if (epoch.kgc().equals(preferred().kgc())) {
            trouble = trouble.filter(reason -> reason.lasting());
        }
    }

    private void notLearnt(KeyEpoch epoch, Throwable failure) {
        if (failure instanceof ContradictionException) {
            report(HealthReason.lasting("KGC_CONTRADICTION", String.valueOf(failure.getMessage())));
        } else if (code(failure) == ErrorCode.KEY_RETIRED && isOnlyChoice(epoch)) {
            report(new HealthReason(
                    "KEY_RETIRED",
                    "the key centre says that " + epoch + " is retired; configure its current fingerprint"));
        } else {
            LOG.debug("no parameters of {}", epoch, failure);
        }
    }

    /** A successor may not be known to every machine of the key centre yet, and an old key may go while it is asked for. */
    private boolean isOnlyChoice(KeyEpoch epoch) {
        return epoch.successor().isEmpty() && epoch.kgc().equals(preferred().kgc());
    }

    private void report(HealthReason reason) {
        Optional<HealthReason> before = trouble;
        if (before.isPresent() && before.get().lasting()) {
            return;
        }
        trouble = Optional.of(reason);
        if (!trouble.equals(before)) {
            LOG.error("{}: {}", reason.code(), reason.detail());
        }
    }

    /** A retired key's word on its successor counts for nothing. */
    private void requireTrusted(KgcParameters heard) {
        boolean retired = heard.successor().map(next -> now() > next.retires()).orElse(false);
        if (retired) {
            throw new MeshException(ErrorCode.KEY_RETIRED, retired(heard.kgc().fingerprint()));
        }
    }

    private Throwable explained(Throwable failure) {
        ErrorCode code = code(failure);
        if (code == ErrorCode.KEY_RETIRED) {
            return new MeshException(code, retired(pin), failure);
        }
        if (code == ErrorCode.INVALID_MESSAGE) {
            String detail = "what answers as the key centre does not hold the key with the fingerprint " + pin
                    + "; configure the SHA-256 of its public key: " + failure.getMessage();
            return new MeshException(code, detail, failure);
        }
        return failure;
    }

    private static String retired(Digest fingerprint) {
        return "the key centre does not know the key with the fingerprint " + fingerprint
                + ", or has retired it; configure the fingerprint of its current key";
    }

    private Future<Void> startFailed(Throwable failure) {
        chain = null;
        return Future.failedFuture(failure);
    }

    private static ErrorCode code(Throwable failure) {
        return failure instanceof MeshException mesh ? mesh.code() : ErrorCode.INTERNAL;
    }

    private KeyChain started() {
        KeyChain known = chain;
        if (known == null) {
            throw new IllegalStateException("nothing is known of the key centre yet");
        }
        return known;
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
