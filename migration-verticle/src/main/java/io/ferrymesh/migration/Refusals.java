package io.ferrymesh.migration;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts refused handshakes by reason, and logs the first, second, fourth, eighth ... of each: so that nobody can fill the log
 * by knocking. The other end never learns the reason. Any thread.
 */
public final class Refusals {

    /** Why a handshake was refused at the source. */
    public enum Reason {
        MALFORMED,
        NO_GRANT,
        NO_KEY,
        REPLAYED,
        TOO_MANY_HANDSHAKES,
        TOO_MANY_HALF_OPEN,
        UNKNOWN_HANDSHAKE,
        HANDSHAKE,
        SIGNING_CERTIFICATE,
        NO_CREDENTIALS,
        OVERLOADED,
        GRANT_ENDED,
        INTERNAL;

        /** Whether it says nothing of who knocks, but of this end or of how often a holder of the grant's key comes. */
        boolean isNobodysFault() {
            return switch (this) {
                case TOO_MANY_HANDSHAKES, TOO_MANY_HALF_OPEN, NO_CREDENTIALS, OVERLOADED -> true;
                case MALFORMED,
                        NO_GRANT,
                        NO_KEY,
                        REPLAYED,
                        UNKNOWN_HANDSHAKE,
                        HANDSHAKE,
                        SIGNING_CERTIFICATE,
                        GRANT_ENDED,
                        INTERNAL -> false;
            };
        }

        /** Whether the same may be let in later, which may be told, since only who holds the grant's key comes so far. */
        boolean isForLater() {
            return this == OVERLOADED || this == TOO_MANY_HANDSHAKES || this == TOO_MANY_HALF_OPEN;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final Map<Reason, AtomicLong> counts = new EnumMap<>(Reason.class);

    Refusals() {
        for (Reason reason : Reason.values()) {
            counts.put(reason, new AtomicLong());
        }
    }

    /** How often since start. */
    public long count(Reason reason) {
        return counter(reason).get();
    }

    void count(Reason reason, String detail) {
        long count = counter(reason).incrementAndGet();
        if (Long.bitCount(count) == 1) {
            LOG.warn("handshake refused, {} ({} so far): {}", reason, count, detail);
        } else {
            LOG.debug("handshake refused, {}: {}", reason, detail);
        }
    }

    private AtomicLong counter(Reason reason) {
        AtomicLong counter = counts.get(reason);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + reason);
        }
        return counter;
    }
}
