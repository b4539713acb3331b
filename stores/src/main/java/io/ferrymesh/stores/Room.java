package io.ferrymesh.stores;

import java.util.OptionalLong;

/**
 * How much more a store can take, as far as it knows. What it does not know is empty, not guessed.
 *
 * @param freeBytes free where objects go, at least 0
 * @param quotaBytes left of what the user may use, at least 0; counted as {@link ObjectStore#cost} counts objects
 */
public record Room(OptionalLong freeBytes, OptionalLong quotaBytes) {

    /** Of a store that does not know. */
    public static final Room UNKNOWN = new Room(OptionalLong.empty(), OptionalLong.empty());

    public Room {
        if (freeBytes.orElse(0) < 0 || quotaBytes.orElse(0) < 0) {
            throw new IllegalArgumentException("room is at least 0 bytes: " + freeBytes + ", " + quotaBytes);
        }
    }

    /** Of a store that knows what is free, and has no quota. */
    public static Room free(long bytes) {
        return new Room(OptionalLong.of(Math.max(0, bytes)), OptionalLong.empty());
    }

    /** The same with what is left of a quota; nothing is left of one that is overdrawn. */
    public Room withQuota(long bytes) {
        return new Room(freeBytes, OptionalLong.of(Math.max(0, bytes)));
    }

    /** Whether it is known that so many bytes do not fit where objects go. */
    public boolean lacksSpace(long bytes) {
        return freeBytes.isPresent() && freeBytes.getAsLong() < bytes;
    }

    /** Whether it is known that so much is more than is left of the quota. */
    public boolean lacksQuota(long cost) {
        return quotaBytes.isPresent() && quotaBytes.getAsLong() < cost;
    }
}
