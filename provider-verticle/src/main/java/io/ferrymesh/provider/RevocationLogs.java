package io.ferrymesh.provider;

import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationLog;
import io.ferrymesh.scheme.RevocationView;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The revocation log as it was learnt under one key, and as it is being learnt anew under a newer one, which then answers
 * instead. Nothing goes from one to the other: whoever has stolen a key can have signed anything under it, and no bulletin
 * under the next key would show that entries were left out. Any thread.
 */
final class RevocationLogs implements RevocationView {

    /** The log as one key's bulletins tell it. */
    static final class Learning {

        final KgcPublicKey kgc;
        final RevocationLog log;
        /** The pages being fetched, for {@link RevocationWatch}, which guards it. */
        Future<Void> catchingUp = Future.succeededFuture();

        private Learning(KgcPublicKey kgc, RevocationLog log) {
            this.kgc = kgc;
            this.log = log;
        }
    }

    private final Supplier<Optional<KgcPublicKey>> newest;
    private final long maxAgeSeconds;
    private volatile @Nullable Learning answering;
    private @Nullable Learning next; // under this

    /** Knows nothing yet. The newest key may only ever be followed by a newer one. */
    RevocationLogs(Supplier<Optional<KgcPublicKey>> newest, long maxAgeSeconds) {
        this.newest = newest;
        this.maxAgeSeconds = maxAgeSeconds;
    }

    /** The newest key, which alone counts. */
    Optional<KgcPublicKey> newest() {
        return newest.get();
    }

    /** What is learnt under this key, from nothing if it is new; empty if it is not the newest any more. */
    synchronized Optional<Learning> under(KgcPublicKey kgc) {
        Learning present = answering;
        if (!newest.get().equals(Optional.of(kgc))) {
            return Optional.empty();
        }
        if (present != null && present.kgc.equals(kgc)) {
            return Optional.of(present);
        }
        if (next == null || !next.kgc.equals(kgc)) {
            next = new Learning(kgc, new RevocationLog(maxAgeSeconds));
        }
        return Optional.of(next);
    }

    /**
     * Answers with what was learnt, if that is complete.
     *
     * @return whether it took the place of what was learnt under another key
     */
    synchronized boolean reached(Learning learnt) {
        if (learnt != next || learnt.log.newest().isEmpty()) {
            return false;
        }
        boolean replaces = answering != null;
        answering = learnt;
        next = null;
        return replaces;
    }

    @Override
    public Status status(Pseudonym pseudonym, long nowEpochSeconds) {
        Learning present = answering;
        return present == null ? Status.UNKNOWN : present.log.status(pseudonym, nowEpochSeconds);
    }

    boolean isFresh(long nowEpochSeconds) {
        Learning present = answering;
        return present != null && present.log.isFresh(nowEpochSeconds);
    }

    /** When the bulletin was signed that answers follow from; epoch seconds. */
    OptionalLong bulletinAt() {
        Learning present = answering;
        return present == null
                ? OptionalLong.empty()
                : present.log.newest().stream()
                        .mapToLong(bulletin -> bulletin.current().notBefore())
                        .max();
    }

    /** The number of the last revocation that answers know of. */
    long number() {
        Learning present = answering;
        return present == null ? 0 : present.log.number();
    }
}
