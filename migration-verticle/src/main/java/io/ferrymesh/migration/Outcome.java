package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one object.
 *
 * @param kind moved, already there, failed, or left for a reason
 * @param error why it failed; null otherwise
 */
record Outcome(Kind kind, @Nullable ErrorCode error) {

    enum Kind {
        /** It was sent, verified, and is durable at the destination. */
        STORED,
        /** The destination had it already, with the same content. */
        PRESENT,
        /** It is not at the destination, or not verified. */
        FAILED,
        /** It was not selected. */
        EXCLUDED,
        /** What the destination has of that name is newer. */
        NEWER_THERE,
        /** The destination has looked at it and only looks. */
        LOOKED
    }

    static final Outcome STORED = new Outcome(Kind.STORED, null);
    static final Outcome PRESENT = new Outcome(Kind.PRESENT, null);
    static final Outcome EXCLUDED = new Outcome(Kind.EXCLUDED, null);
    static final Outcome NEWER_THERE = new Outcome(Kind.NEWER_THERE, null);
    static final Outcome LOOKED = new Outcome(Kind.LOOKED, null);

    private static final List<Outcome> WITHOUT_ERROR = List.of(STORED, PRESENT, EXCLUDED, NEWER_THERE, LOOKED);

    Outcome {
        if ((kind == Kind.FAILED) != (error != null)) {
            throw new IllegalArgumentException("a failure, and nothing else, has an error");
        }
    }

    static Outcome failed(ErrorCode error) {
        return new Outcome(Kind.FAILED, error);
    }

    boolean arrived() {
        return kind == Kind.STORED || kind == Kind.PRESENT;
    }

    String wireName() {
        return error == null ? kind.name() : error.name();
    }

    static Outcome ofWireName(String name) {
        for (Outcome each : WITHOUT_ERROR) {
            if (name.equals(each.wireName())) {
                return each;
            }
        }
        try {
            return failed(ErrorCode.valueOf(name));
        } catch (IllegalArgumentException e) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "unknown outcome", e);
        }
    }
}
