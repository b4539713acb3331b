package io.ferrymesh.provider.options;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long it may take to move what a dry run has found. What would only be compared is not counted.
 *
 * @param seconds empty when nothing is known to go by
 * @param basedOn what it goes by
 */
public record Estimate(OptionalLong seconds, BasedOn basedOn) {

    /** Nothing is known to go by. */
    public static final Estimate UNKNOWN = new Estimate(OptionalLong.empty(), BasedOn.NOTHING_MEASURED);

    private static final long STEP_SECONDS = 60;

    /** After so long it goes on as it went on average. */
    private static final long LONGEST_SECONDS = Duration.ofDays(366).toSeconds();

    /** What an estimate goes by. */
    public enum BasedOn {
        /** What other migrations to this process brought of late. */
        RECENT_MIGRATIONS,
        /** The same, where the user's limit holds it back. */
        RECENT_MIGRATIONS_AND_LIMIT,
        /** The user's limit alone: it can be no faster. */
        LIMIT,
        /** There is nothing to move. */
        NOTHING_TO_MOVE,
        /** Nothing: no migration came of late, and no limit holds all the time. */
        NOTHING_MEASURED
    }

    /**
     * From what is known.
     *
     * @param recent how fast migrations were; empty if that is not known
     * @param from when it would begin
     */
    public static Estimate of(DryRunTotals found, Optional<RecentRate> recent, Bandwidth bandwidth, Instant from) {
        if (found.objectsWanted() == 0) {
            return new Estimate(OptionalLong.of(0), BasedOn.NOTHING_TO_MOVE);
        }
        double most = recent.map(rate -> rate.bytesPerSecond()
                        / (found.bytesWanted() + (double) rate.objectBytes() * found.objectsWanted()))
                .orElse(Double.POSITIVE_INFINITY);
        return walk(most, Math.max(1, found.bytesWanted()), bandwidth, from);
    }

    /** Minute by minute, as the timetable has it. Rates are parts of the whole in a second. */
    private static Estimate walk(double most, long bytes, Bandwidth bandwidth, Instant from) {
        boolean held = false;
        double done = 0;
        long elapsed = 0;
        while (elapsed < LONGEST_SECONDS) {
            OptionalLong limit = bandwidth.at(from.plusSeconds(elapsed));
            double allowed = limit.isPresent() ? (double) limit.getAsLong() / bytes : Double.POSITIVE_INFINITY;
            double rate = Math.min(most, allowed);
            if (Double.isInfinite(rate)) {
                return UNKNOWN;
            }
            held |= allowed < most;
            if (done + rate * STEP_SECONDS >= 1) {
                return known(elapsed + (1 - done) / rate, held, most);
            }
            done += rate * STEP_SECONDS;
            elapsed += STEP_SECONDS;
        }
        return known(elapsed / done, held, most);
    }

    private static Estimate known(double seconds, boolean held, double most) {
        BasedOn limited = Double.isInfinite(most) ? BasedOn.LIMIT : BasedOn.RECENT_MIGRATIONS_AND_LIMIT;
        return new Estimate(OptionalLong.of((long) Math.ceil(seconds)), held ? limited : BasedOn.RECENT_MIGRATIONS);
    }
}
