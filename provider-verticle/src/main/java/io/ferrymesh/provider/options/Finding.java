package io.ferrymesh.provider.options;

import java.util.List;

/**
 * One kind of thing that a preflight has found, as the engine says it.
 *
 * @param objects how many it concerns
 * @param bytes their sizes, as far as they are known
 * @param examples names of some of them, at most {@link #MOST_EXAMPLES}
 * @param message what is wrong, and what would be right
 */
public record Finding(Kind kind, Severity severity, long objects, long bytes, List<String> examples, String message) {

    /** Most examples of one kind. */
    public static final int MOST_EXAMPLES = 20;

    /** What was found. */
    public enum Kind {
        /** More than what is free at the destination. */
        SPACE,
        /** More than what the user may use there. */
        QUOTA,
        /** The source cannot read them. */
        UNREADABLE_AT_SOURCE,
        /** They were listed, and gone when they were looked at. */
        GONE_AT_SOURCE,
        /** The source does not take them for objects, such as symbolic links. */
        NO_OBJECT_AT_SOURCE,
        /** The destination's store cannot hold their names. */
        NAME_NOT_ALLOWED,
        /** The destination's store cannot hold so large an object. */
        TOO_LARGE,
        /** The destination's store cannot keep their content type or user metadata. */
        METADATA_UNSUPPORTED,
        /** The destination has something else of their names. */
        CONFLICT,
        /** The destination's store could not be asked about them. */
        DESTINATION_FAILED
    }

    /** What follows from it. */
    public enum Severity {
        /** The migration would stop because of it. */
        BLOCKS,
        /** These objects would not arrive; the others would. */
        OBJECT_FAILS,
        /** Worth knowing; no object fails for it. */
        WARNING
    }

    public Finding {
        examples = List.copyOf(examples);
        if (objects < 0 || bytes < 0 || examples.size() > MOST_EXAMPLES) {
            throw new IllegalArgumentException("a finding has counts from 0 and at most " + MOST_EXAMPLES
                    + " examples, not " + objects + ", " + bytes + " and " + examples.size());
        }
    }
}
