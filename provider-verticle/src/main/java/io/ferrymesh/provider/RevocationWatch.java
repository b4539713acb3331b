package io.ferrymesh.provider;

import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationList;
import io.ferrymesh.scheme.RevocationView;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest revocation list. Fails closed: without a list, and after the last one's end, the answer is UNKNOWN, which
 * refuses. A list with a lower number than the last is not taken, not even after the key centre was started anew. Any
 * thread.
 */
public final class RevocationWatch implements RevocationView {

    private static final Logger LOG = LoggerFactory.getLogger(RevocationWatch.class);

    private final Supplier<Future<RevocationList>> source;
    private final AtomicReference<@Nullable RevocationList> newest = new AtomicReference<>();
    private final AtomicBoolean fetching = new AtomicBoolean();

    /** A watch without a list. What the source gives must be verified. */
    RevocationWatch(Supplier<Future<RevocationList>> source) {
        this.source = source;
    }

    /** Fetches once, unless that is under way. Fails when no list came; the one before stays. */
    Future<Void> refresh() {
        if (!fetching.compareAndSet(false, true)) {
            return Future.succeededFuture();
        }
        return source.get().onComplete(fetched -> fetching.set(false)).map(list -> {
            take(list);
            return (Void) null;
        });
    }

    @Override
    public Status status(Pseudonym pseudonym, long nowEpochSeconds) {
        RevocationList list = newest.get();
        return list == null ? Status.UNKNOWN : list.status(pseudonym, nowEpochSeconds);
    }

    private void take(RevocationList list) {
        RevocationList before =
                newest.getAndUpdate(known -> known == null || list.number() > known.number() ? list : known);
        if (before != null && list.number() < before.number()) {
            LOG.warn("revocation list {} was not taken: {} is known", list.number(), before.number());
        }
    }
}
