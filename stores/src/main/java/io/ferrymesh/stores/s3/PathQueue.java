package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.ObjectPath;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Changes of one path one after the other, so that within a process nothing comes between looking and writing. */
final class PathQueue {

    private final Map<ObjectPath, CompletableFuture<?>> last = new ConcurrentHashMap<>();

    /** Starts {@code change} when those of the same path before it are done. */
    <T> CompletableFuture<T> run(ObjectPath path, Supplier<CompletableFuture<T>> change) {
        var mine = new CompletableFuture<T>();
        CompletableFuture<?> before = last.put(path, mine);
        if (before == null) {
            start(change, mine);
        } else {
            var unused = before.whenComplete((value, failure) -> start(change, mine));
        }
        var unused = mine.whenComplete((value, failure) -> last.remove(path, mine));
        return mine;
    }

    private static <T> void start(Supplier<CompletableFuture<T>> change, CompletableFuture<T> result) {
        try {
            var unused = change.get().whenComplete((value, failure) -> {
                if (failure == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }
}
