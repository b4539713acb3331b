package io.ferrymesh.provider.options;

import java.time.Instant;
import java.util.Optional;

/**
 * When a migration goes, and how fast. Can be changed until it has ended.
 *
 * @param startAt not before; empty for at once
 * @param deadline a migration that has not ended then has failed
 */
public record Schedule(Optional<Instant> startAt, Optional<Instant> deadline, Bandwidth bandwidth) {

    /** At once, without an end, as fast as can be. */
    public static final Schedule NONE = new Schedule(Optional.empty(), Optional.empty(), Bandwidth.UNLIMITED);

    /** Refuses a deadline before the start. */
    public Schedule {
        if (startAt.isPresent() && deadline.isPresent() && !startAt.get().isBefore(deadline.get())) {
            throw new IllegalArgumentException(
                    "deadline must be after startAt, " + startAt.get() + ": " + deadline.get());
        }
    }

    /** The same with another start. */
    public Schedule withStartAt(Optional<Instant> at) {
        return new Schedule(at, deadline, bandwidth);
    }

    /** The same with another deadline. */
    public Schedule withDeadline(Optional<Instant> at) {
        return new Schedule(startAt, at, bandwidth);
    }

    /** The same with another bandwidth. */
    public Schedule withBandwidth(Bandwidth other) {
        return new Schedule(startAt, deadline, other);
    }
}
