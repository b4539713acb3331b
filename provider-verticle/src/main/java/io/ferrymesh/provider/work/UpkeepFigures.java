package io.ferrymesh.provider.work;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What rests, waits or piles up, as the database of the whole provider had it when it was last asked.
 *
 * @param pausedByReason migrations that pause, by code: USER for those whose users want it so
 * @param firstDeadline by when the next migration is to be done that is not, in epoch seconds; in the past when it is late
 * @param journalRows rows of all journals
 * @param keptObjects objects on their way that outlive their process
 * @param keptBytes the space that these hold
 * @param webhookEvents events that webhooks have not been told yet
 * @param webhookOldestSeconds how long the oldest of those waits
 * @param webhooksFailing webhooks whose last try failed
 * @param movesErasing grants of which what has moved is still to be erased
 * @param movesOldestSeconds for how long that is so of the oldest of those
 * @param movesFailed objects that have moved and could not be erased, of all grants that are not forgotten
 */
public record UpkeepFigures(
        Map<String, Long> pausedByReason,
        OptionalLong firstDeadline,
        long journalRows,
        long keptObjects,
        long keptBytes,
        long webhookEvents,
        long webhookOldestSeconds,
        long webhooksFailing,
        long movesErasing,
        long movesOldestSeconds,
        long movesFailed) {

    /** The reason of a migration that its user paused. */
    public static final String USER = "USER";

    static final UpkeepFigures NONE = new UpkeepFigures(Map.of(), OptionalLong.empty(), 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Keeps its own copy. */
    public UpkeepFigures {
        pausedByReason = Map.copyOf(pausedByReason);
    }
}
