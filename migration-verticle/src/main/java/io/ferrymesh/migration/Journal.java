package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a destination knows of one migration beyond the run and the process: what became of each object, so that the next run
 * neither asks for it nor reads it again, and which segments of unfinished ones are safe. Losing it, or any part, costs work
 * and never correctness: nothing in it is believed before the source has checked its own vouchers. Called on lane workers,
 * several at once, and may block. A failure ends the run with it.
 */
public interface Journal {

    /** One that keeps nothing. */
    static Journal none() {
        return new NoJournal();
    }

    /** Most objects in one call. */
    int AT_ONCE = 512;

    /**
     * Takes what was decided of some objects, at most {@link #AT_ONCE}; durable when it returns. An object that arrived is
     * unfinished no more, and its segments that were {@link #safe} stay with it. All of a run have come before its receipt is
     * signed; those that were sent, before their credit is returned.
     */
    void add(List<JournalEntry> decided);

    /** Those of at most {@link #AT_ONCE} objects that are known to have arrived. */
    Map<ObjectPath, Arrived> arrived(Collection<ObjectPath> of);

    /** The segments of an arrived object of several, by their numbers, from one number on; at most so many. */
    List<SafeSegment> segments(ObjectPath of, int from, int most);

    /** An object that is staged and can be taken up. */
    Optional<Unfinished> unfinished(ObjectPath path);

    /** An object is staged under a token, and nothing of it is safe yet; what was known of it before is forgotten. */
    void begun(ObjectInfo listed, ObjectMetadata metadata, String token);

    /** Segments of an unfinished object are written, verified and survive a power cut; durable when it returns. */
    void safe(ObjectPath of, List<SafeSegment> segments);

    /** Forgets all of these objects. What is staged of them is gone, or of no use. */
    void dropped(Collection<ObjectPath> paths);

    /**
     * Of a mirror: whether it is to be told what is here, before the source lists anything; not when an earlier run has done so. Then
     * {@link #here} takes it, and {@link #allHere} when that was all.
     */
    default boolean wantsHere() {
        return false;
    }

    /** Objects that are here, at most {@link #AT_ONCE}; their times may be when they were stored. */
    default void here(List<ObjectInfo> objects) {}

    /** That was all. */
    default void allHere() {}

    /** Of a mirror: the source lists only what starts with this. */
    default void source(String prefix) {}

    /** Of a mirror: names of things that the source has, whatever becomes of them, at most {@link #AT_ONCE}; durable when it returns. */
    default void listed(Collection<String> names) {}

    /** Of a mirror: names below which there may be more than the source lists, at most {@link #AT_ONCE}; durable when it returns. */
    default void hiding(Collection<String> names) {}

    /**
     * Fails as every write does when another run has taken over. Asked right before the store takes up or removes what is staged,
     * which it does for whoever names the token.
     */
    void requireCurrent();

    /** Whether there will be another run that knows of what this one leaves. */
    default boolean isKept() {
        return true;
    }

    /** How many bytes of an unfinished object may be written before they are made {@link #safe}. */
    default long checkpointBytes() {
        return 64L << 20;
    }
}
