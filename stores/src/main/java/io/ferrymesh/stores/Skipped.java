package io.ferrymesh.stores;

/**
 * Something in the store that is not an object and is left where it is.
 *
 * @param name its path for people to read; not necessarily a valid object path
 */
public record Skipped(String name, Reason reason) implements ListingEntry {

    /** Why it is left. Only {@link #UNREADABLE} and {@link #UNSUPPORTED_NAME} are failures; the rest is by design. */
    public enum Reason {
        SYMBOLIC_LINK(false, true),
        SPECIAL_FILE(false, false),
        RESERVED_NAME(false, false),
        UNSUPPORTED_NAME(true, false),
        /** It may not be read, or not to its end: a directory that was another one halfway through is one of these. */
        UNREADABLE(true, true),
        /** Its directory named it, and it was not there when it was looked at; most likely removed in that moment. */
        VANISHED(false, true);

        private final boolean failure;
        private final boolean hides;

        Reason(boolean failure, boolean hides) {
            this.failure = failure;
            this.hides = hides;
        }

        /**
         * Whether there may be objects below it that are not listed because of it. Such a name is listed also where the listing was
         * asked for something below it only.
         */
        public boolean hides() {
            return hides;
        }

        /** Whether data the user may have wanted did not move because of it. */
        public boolean isFailure() {
            return failure;
        }
    }
}
