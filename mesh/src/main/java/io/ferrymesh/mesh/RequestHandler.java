package io.ferrymesh.mesh;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Answers requests. */
@FunctionalInterface
public interface RequestHandler {

    /**
     * Answers one request.
     *
     * @param payload as it came, already within {@link Limits#MAX_REQUEST_BYTES}; not to be trusted
     * @return the reply; a failed future reaches the caller as its code if it is a {@link MeshException}, as INTERNAL
     *     without details otherwise
     */
    Future<Buffer> handle(PeerAddress from, Buffer payload);
}
