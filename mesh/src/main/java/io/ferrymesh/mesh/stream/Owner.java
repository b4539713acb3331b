package io.ferrymesh.mesh.stream;

import io.vertx.core.Promise;

/** Where a handler runs: the Vert.x context it was registered from, or the mesh's own event loop. */
public interface Owner {

    /** Runs {@code task} there, after everything given before. Never throws what the task throws. */
    void run(Runnable task);

    /** A future that completes there. */
    <T> Promise<T> promise();
}
