package io.ferrymesh.migration;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.StagedObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts a group of complete objects into their places: those that replace something one by one, each only if that is still what was
 * looked at, the others together. Blocks.
 */
final class Placement {

    private final ObjectStore store;

    /**
     * An object that is ready.
     *
     * @param staged what the store closes
     */
    record Ready(DestinationObject object, Digest digest, StagedObject staged) {}

    Placement(ObjectStore store) {
        this.store = store;
    }

    /** What kept each of them from its place, in their order; empty for those that are there. */
    List<Optional<Setback>> place(List<Ready> group) {
        List<StagedObject> fresh = group.stream()
                .filter(ready -> ready.object.target().replaces().isEmpty())
                .map(Ready::staged)
                .toList();
        var created = store.publish(fresh, PublishMode.CREATE_ONLY).iterator();
        List<Optional<Setback>> setbacks = new ArrayList<>(group.size());
        for (Ready ready : group) {
            PublishOutcome outcome = ready.object
                    .target()
                    .replaces()
                    .map(etag -> store.replace(ready.staged, etag))
                    .orElseGet(created::next);
            setbacks.add(Optional.ofNullable(outcome.error()).map(Setback::of));
        }
        return setbacks;
    }
}
