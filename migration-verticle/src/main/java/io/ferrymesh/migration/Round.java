package io.ferrymesh.migration;

import java.util.Optional;

/**
 * One time around for an object: planned at the destination, and fetched or compared. What earlier rounds found out is in here.
 *
 * @param number from 0, the same at both ends
 * @param setbacks how many earlier rounds counted as attempts that failed
 * @param candidate the first of the names it may arrive under that is still to be looked at: 1 is its own, 2 the one with (2)
 * @param differs the etag of what is there and was found to have other content
 * @param taken whether something was in the way of its publication although nothing had been there
 */
record Round(int number, int setbacks, int candidate, Optional<String> differs, boolean taken) {

    /** So many rounds an object has at most, whatever they were for. */
    static final int MOST = 40;

    static final Round FIRST = new Round(0, 0, 1, Optional.empty(), false);

    /** After an attempt that failed: everything is looked at afresh. */
    Round afterSetback() {
        return new Round(number + 1, setbacks + 1, 1, Optional.empty(), false);
    }

    /** After something was in the way. */
    Round afterTaken() {
        return new Round(number + 1, setbacks + 1, 1, Optional.empty(), true);
    }

    /** After what is there was found to be something else. */
    Round afterDifference(int candidateSeen, Optional<String> etag) {
        return new Round(number + 1, setbacks, candidateSeen + 1, etag, false);
    }
}
