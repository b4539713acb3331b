package io.ferrymesh.provider.options;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;

/**
 * How fast a migration may be, at which time of day.
 *
 * @param bytesPerSecond while no window of the timetable is open; empty for as fast as can be
 * @param timetable of overlapping windows the first counts
 */
public record Bandwidth(OptionalLong bytesPerSecond, List<Window> timetable) {

    /** As fast as can be, always. */
    public static final Bandwidth UNLIMITED = new Bandwidth(OptionalLong.empty(), List.of());

    private static final int MOST_WINDOWS = 24;
    private static final long LEAST_BYTES = 1_024;
    private static final long MOST_BYTES = 1L << 40;

    /**
     * A part of every day, by the clocks of a place.
     *
     * @param from its first minute
     * @param to the minute after its last; at or before {@code from} for one that goes over midnight
     * @param bytesPerSecond empty for as fast as can be
     */
    public record Window(LocalTime from, LocalTime to, ZoneId timeZone, OptionalLong bytesPerSecond) {

        /** Refuses a limit that is none. */
        public Window {
            within("bandwidth.timetable.bytesPerSecond", bytesPerSecond);
        }

        boolean isOpen(Instant at) {
            LocalTime there = at.atZone(timeZone).toLocalTime();
            return from.isBefore(to)
                    ? !there.isBefore(from) && there.isBefore(to)
                    : !there.isBefore(from) || there.isBefore(to);
        }
    }

    /** Refuses limits that are none, and more windows than a day has hours. */
    public Bandwidth {
        timetable = List.copyOf(timetable);
        within("bandwidth.bytesPerSecond", bytesPerSecond);
        if (timetable.size() > MOST_WINDOWS) {
            throw new IllegalArgumentException(
                    "bandwidth.timetable must have at most " + MOST_WINDOWS + " windows: " + timetable.size());
        }
    }

    /** What holds at a time; empty for as fast as can be. */
    public OptionalLong at(Instant time) {
        return timetable.stream()
                .filter(window -> window.isOpen(time))
                .findFirst()
                .map(Window::bytesPerSecond)
                .orElse(bytesPerSecond);
    }

    private static void within(String name, OptionalLong limit) {
        if (limit.isPresent() && (limit.getAsLong() < LEAST_BYTES || limit.getAsLong() > MOST_BYTES)) {
            throw new IllegalArgumentException(
                    name + " must be " + LEAST_BYTES + " to " + MOST_BYTES + ": " + limit.getAsLong());
        }
    }
}
