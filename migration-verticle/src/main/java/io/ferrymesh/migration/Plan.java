package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.stores.ObjectInfo;

/** What is to be done with an object that was announced. */
sealed interface Plan {

    /**
     * It is wanted.
     *
     * @param replacedBytes size of what it takes the place of, 0 for nothing
     */
    record Fetch(Target target, long replacedBytes) implements Plan {

        /** In the place of nothing. */
        Fetch(Target target) {
            this(target, 0);
        }
    }

    /** Something of its size is there: its digests are wanted. */
    record Compare(Target target, ObjectInfo there) implements Plan {}

    /** It stays where it is, which is no failure. */
    record Leave(Outcome outcome) implements Plan {}

    /** It cannot arrive. */
    record Refuse(ErrorCode code) implements Plan {}
}
