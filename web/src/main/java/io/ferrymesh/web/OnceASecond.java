package io.ferrymesh.web;

import io.vertx.core.Future;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A question that is dear and that anybody may ask: it is asked at most once at a time and once a second, and everybody is told
 * the same. Event loop only.
 */
public final class OnceASecond<T> {

    private static final long GOOD_FOR_MS = 1_000;

    private final Supplier<Future<T>> question;
    private final LongSupplier nowMs;
    private @Nullable Future<T> latest;
    private long askedAtMs;

    /** With a clock whose differences count. */
    public OnceASecond(Supplier<Future<T>> question, LongSupplier nowMs) {
        this.question = question;
        this.nowMs = nowMs;
    }

    /** The latest answer, or the next. */
    public Future<T> ask() {
        Future<T> known = latest;
        long now = nowMs.getAsLong();
        if (known != null && (!known.isComplete() || now - askedAtMs < GOOD_FOR_MS)) {
            return known;
        }
        Future<T> asked = question.get();
        latest = asked;
        askedAtMs = now;
        return asked;
    }
}
