package io.ferrymesh.provider.engine;

import java.util.List;

/** Keeps what became of objects. Called on the engine's workers, several at once; may block. A failure ends the run with it. */
@FunctionalInterface
public interface ObjectLog {

    /** Keeps nothing. */
    ObjectLog NONE = outcomes -> {};

    /** Takes some, at most a few hundred. All of a run have come before its receipt. */
    void add(List<ObjectOutcome> outcomes);
}
