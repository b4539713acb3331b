package io.ferrymesh.stores;

/**
 * Something in the store that is not an object and is left where it is.
 *
 * @param name its path for people to read; not necessarily a valid object path
 */
public record Skipped(String name, Reason reason) implements ListingEntry {

    /** Why it is left. Only {@link #UNREADABLE} and {@link #UNSUPPORTED_NAME} are failures; the rest is by design. */
    public enum Reason {
        SYMBOLIC_LINK(false),
        SPECIAL_FILE(false),
        RESERVED_NAME(false),
        UNSUPPORTED_NAME(true),
        UNREADABLE(true);

        private final boolean failure;

        Reason(boolean failure) {
            this.failure = failure;
        }

        /** Whether data the user may have wanted did not move because of it. */
        public boolean isFailure() {
            return failure;
        }
    }
}
