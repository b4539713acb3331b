package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;

/** One authenticated run of a migration, at either end. */
interface Session {

    /**
     * Admits a lane the peer opened, after its hello proves it.
     *
     * @return the first credit in bytes
     */
    long admit(InboundStream stream, int lane);

    /** Ends it with a failure, unless it is over. */
    void fail(ErrorCode code, String reason);
}
