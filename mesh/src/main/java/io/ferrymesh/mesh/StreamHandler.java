package io.ferrymesh.mesh;

import io.vertx.core.Future;

/** Decides whether a stream is wanted. */
@FunctionalInterface
public interface StreamHandler {

    /**
     * Looks at {@link InboundStream#hello()} and accepts or refuses.
     *
     * @return the first credit in bytes (1 to {@link Limits#MAX_WINDOW_BYTES}) to accept; a failed future refuses, with its
     *     code if it is a {@link MeshException} and INTERNAL otherwise
     */
    Future<Long> opened(InboundStream stream);
}
