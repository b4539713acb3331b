package io.ferrymesh.kgc;

import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;

/** The bounds of what is listed at once. */
final class Pages {

    private Pages() {}

    /** Refuses with INVALID. */
    static void require(long after, int limit, int max) {
        if (after < 0) {
            throw new OperationException(Code.INVALID, "after must be >= 0: " + after);
        }
        if (limit < 1 || limit > max) {
            throw new OperationException(Code.INVALID, "limit must be from 1 to " + max + ": " + limit);
        }
    }
}
