package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.Skipped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tells the journal of a mirror all that the source has, whatever becomes of it, so that what the source has not can be removed when
 * the run is over. Does nothing for a run that mirrors nothing. Lane worker only.
 */
final class MirrorSink {

    private final Optional<Journal> journal;
    private final Consumer<MeshException> stop;
    private final List<String> names = new ArrayList<>();
    private final List<String> hiding = new ArrayList<>();
    private boolean scoped;
    private boolean listing;

    /** @param stop ends the run */
    MirrorSink(Optional<Journal> journal, Consumer<MeshException> stop) {
        this.journal = journal;
        this.stop = stop;
    }

    /** What the source says of its grant; once, and before anything that it lists. */
    void scope(Scope scope) {
        if (scoped || listing) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a source says once, and first, what it lists");
        }
        scoped = true;
        if (journal.isPresent() && scope.moves()) { // a later run would find what has moved gone, and remove it here
            stop.accept(new MeshException(
                    ErrorCode.CONFLICT, "the source erases what arrives, so this cannot be its mirror as well"));
        } else {
            journal.ifPresent(kept -> kept.source(scope.prefix()));
        }
    }

    /** Something that the source has. */
    void listed(String name) {
        listing = true;
        if (journal.isEmpty()) {
            return;
        }
        if (!scoped) {
            throw unscoped();
        }
        names.add(name);
        if (names.size() == Journal.AT_ONCE) {
            flush();
        }
    }

    /** Something that the source has, or may have, and that is no object. */
    void skipped(Skipped skipped) {
        listed(skipped.name());
        if (journal.isPresent() && skipped.reason().hides()) {
            hiding.add(skipped.name());
        }
    }

    /** The source has listed all. When it returns, the journal has it. */
    void complete() {
        if (journal.isPresent() && !scoped) {
            throw unscoped();
        }
        flush();
    }

    /** When it returns, the journal has all of them. */
    void flush() {
        if (!hiding.isEmpty()) {
            journal.orElseThrow().hiding(List.copyOf(hiding));
            hiding.clear();
        }
        if (!names.isEmpty()) {
            journal.orElseThrow().listed(List.copyOf(names));
            names.clear();
        }
    }

    private static MeshException unscoped() {
        return new MeshException(ErrorCode.INVALID_MESSAGE, "a source that does not say what it lists has no mirror");
    }
}
