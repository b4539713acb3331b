package io.ferrymesh.provider.engine;

import io.ferrymesh.scheme.Pseudonym;
import java.util.Optional;

/**
 * What the source knows of one grant.
 *
 * @param own the pseudonym this provider went by, once it shook hands
 * @param peer the pseudonym the destination went by, once it shook hands
 * @param receipt the bytes of the countersigned receipt, once there is one
 * @param refused how often somebody tried to use it here and was refused
 */
public record SourceStatus(
        GrantState state,
        long objectsListed,
        long objectsSent,
        long objectsFailed,
        long bytesSent,
        Optional<Failure> failure,
        Optional<Pseudonym> own,
        Optional<Pseudonym> peer,
        Optional<byte[]> receipt,
        long refused) {

    /** At which nobody was refused. */
    public SourceStatus(
            GrantState state,
            long objectsListed,
            long objectsSent,
            long objectsFailed,
            long bytesSent,
            Optional<Failure> failure,
            Optional<Pseudonym> own,
            Optional<Pseudonym> peer,
            Optional<byte[]> receipt) {
        this(state, objectsListed, objectsSent, objectsFailed, bytesSent, failure, own, peer, receipt, 0);
    }
}
