package io.ferrymesh.migration;

import java.util.List;

/**
 * Who keeps what became of each object. Called on lane workers, several at once, and may block. A failure ends the session
 * with it.
 */
@FunctionalInterface
public interface ObjectLog {

    /** Keeps nothing. */
    ObjectLog NONE = results -> {};

    /** Takes some results. All of a migration have come before its receipt is signed. */
    void add(List<ObjectResult> results);
}
