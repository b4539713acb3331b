package io.ferrymesh.kgc.api;

import io.vertx.core.Future;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks at most once at a time and once a second, however often anybody who has no token asks. Event loop only. */
final class HealthCheck {

    private static final long GOOD_FOR_MS = 1_000;

    private final Supplier<Future<Void>> check;
    private final LongSupplier nowMs;
    private @Nullable Future<Void> latest;
    private long askedAtMs;

    HealthCheck(Supplier<Future<Void>> check, LongSupplier nowMs) {
        this.check = check;
        this.nowMs = nowMs;
    }

    /** Fails if the database did not answer. */
    Future<Void> ask() {
        Future<Void> known = latest;
        long now = nowMs.getAsLong();
        if (known != null && (!known.isComplete() || now - askedAtMs < GOOD_FOR_MS)) {
            return known;
        }
        Future<Void> asked = check.get();
        latest = asked;
        askedAtMs = now;
        return asked;
    }
}
