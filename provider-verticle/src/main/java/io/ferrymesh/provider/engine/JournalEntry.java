package io.ferrymesh.provider.engine;

import io.ferrymesh.scheme.Digest;
import java.util.List;
import java.util.Optional;

/**
 * What was decided of one object, or of something in the source that is none.
 *
 * @param leaf its place in the receipt's tree; empty when it did not arrive
 * @param arrived what the next run needs to know; empty when it did not arrive, or that is journaled already
 * @param segments of an object of several, those that were not {@link Journal#safe} before
 */
public record JournalEntry(
        ObjectOutcome outcome, Optional<Leaf> leaf, Optional<Arrived> arrived, List<SafeSegment> segments) {

    /**
     * An object's place in the receipt's tree, with the path and the size of its outcome.
     *
     * @param index of the object in this run's listing; the leaves are in its order
     * @param digest the object's
     */
    public record Leaf(long index, Digest digest) {}

    public JournalEntry {
        segments = List.copyOf(segments);
    }

    /** Something of which the next run knows nothing. */
    public static JournalEntry of(ObjectOutcome outcome) {
        return new JournalEntry(outcome, Optional.empty(), Optional.empty(), List.of());
    }
}
