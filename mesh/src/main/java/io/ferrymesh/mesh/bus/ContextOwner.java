package io.ferrymesh.mesh.bus;

import io.ferrymesh.mesh.stream.Owner;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;

/** Runs on a Vert.x context, in the order given. */
record ContextOwner(ContextInternal context) implements Owner {

    /** The caller's context, or {@code otherwise} when the caller has none. */
    static ContextOwner current(ContextInternal otherwise) {
        ContextInternal current = ContextInternal.current();
        return new ContextOwner(current == null ? otherwise : current.unwrap());
    }

    @Override
    public void run(Runnable task) {
        context.emit(task, Runnable::run);
    }

    @Override
    public <T> Promise<T> promise() {
        return context.promise();
    }
}
