package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import org.jspecify.annotations.Nullable;

/**
 * What became of one object.
 *
 * @param kind moved, already there, or failed
 * @param error why it failed; null otherwise
 */
record Outcome(Kind kind, @Nullable ErrorCode error) {

    enum Kind {
        /** It was sent, verified, and is durable at the destination. */
        STORED,
        /** The destination had it already, with the same content. */
        PRESENT,
        /** It is not at the destination, or not verified. */
        FAILED
    }

    static final Outcome STORED = new Outcome(Kind.STORED, null);
    static final Outcome PRESENT = new Outcome(Kind.PRESENT, null);

    Outcome {
        if ((kind == Kind.FAILED) != (error != null)) {
            throw new IllegalArgumentException("a failure, and nothing else, has an error");
        }
    }

    static Outcome failed(ErrorCode error) {
        return new Outcome(Kind.FAILED, error);
    }

    boolean arrived() {
        return kind != Kind.FAILED;
    }

    String wireName() {
        return error == null ? kind.name() : error.name();
    }

    static Outcome ofWireName(String name) {
        if (name.equals(STORED.wireName())) {
            return STORED;
        }
        if (name.equals(PRESENT.wireName())) {
            return PRESENT;
        }
        try {
            return failed(ErrorCode.valueOf(name));
        } catch (IllegalArgumentException e) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "unknown outcome", e);
        }
    }
}
