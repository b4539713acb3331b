package io.ferrymesh.migration;

import io.ferrymesh.scheme.Digest;
import java.util.List;
import java.util.Optional;

/**
 * What was decided of one object, or of something in the source that is none.
 *
 * @param leaf its place in the receipt's tree; empty when it did not arrive
 * @param arrived what the next run needs to know; empty when it did not arrive, or the journal has it already
 * @param segments of an object of several, those that were not {@link Journal#safe} before
 */
public record JournalEntry(
        ObjectResult result, Optional<Leaf> leaf, Optional<Arrived> arrived, List<SafeSegment> segments) {

    /**
     * An object's place in the receipt's tree, with the path and the size of its result.
     *
     * @param index of the object in this run's listing; the leaves are in its order
     * @param digest the object's
     */
    public record Leaf(long index, Digest digest) {}

    public JournalEntry {
        segments = List.copyOf(segments);
    }

    /** Something that did not arrive. */
    static JournalEntry of(ObjectResult result) {
        return new JournalEntry(result, Optional.empty(), Optional.empty(), List.of());
    }
}
