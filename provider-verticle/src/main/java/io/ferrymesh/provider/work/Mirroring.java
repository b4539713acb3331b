package io.ferrymesh.provider.work;

import io.ferrymesh.provider.engine.DestinationStatus;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.service.MirrorView;
import java.util.Optional;

/**
 * Whether something is removed after a run.
 *
 * @param left why not; empty when it is
 */
record Mirroring(Optional<MirrorView.Reason> left) {

    /**
     * Nothing is unless everything that the source has is known and has arrived; and nothing of a source that has nothing at all, which
     * cannot be told from one whose disk is not there.
     */
    static Mirroring after(Optional<DestinationStatus> last) {
        Optional<Progress> all = last.map(DestinationStatus::progress);
        if (all.filter(made -> made.listingComplete() && made.objectsFailed() == 0)
                .isEmpty()) {
            return new Mirroring(Optional.of(MirrorView.Reason.OBJECTS_FAILED));
        }
        return new Mirroring(Optional.of(MirrorView.Reason.NOTHING_LISTED)
                .filter(none -> all.get().objectsListed() == 0));
    }

    MirrorView.State state() {
        return left.isPresent() ? MirrorView.State.LEFT : MirrorView.State.RUNNING;
    }
}
