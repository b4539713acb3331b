package io.ferrymesh.mesh.stream;

import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;

/** Futures that complete where they were asked for. */
public final class CallerContext {

    private CallerContext() {}

    /** Completes on the caller's Vert.x context if it has one, otherwise on whatever thread completes it. */
    public static <T> Promise<T> promise() {
        ContextInternal current = ContextInternal.current();
        return current == null ? Promise.promise() : current.promise();
    }
}
