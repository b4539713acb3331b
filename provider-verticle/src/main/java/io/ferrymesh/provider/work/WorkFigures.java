package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.MigrationView;
import java.util.Map;

/**
 * What there is to do, in numbers: first of this process, as it is now, then of the whole provider, as the database had it when it
 * was last asked.
 *
 * @param grantsOffered by this process
 * @param migrationsDriven by this process
 * @param migrationsByState those that have not ended for good, which are QUEUED, CONNECTING, RUNNING, PAUSED or FAILED; each
 *     of these states is a key
 * @param oldestQueuedSeconds how long the one has been QUEUED that has been for longest; 0 when none is
 * @param accountsErasing accounts that are being erased
 * @param instances processes of the provider, those among them that nobody has yet found dead; 0 before the database was asked
 */
public record WorkFigures(
        int grantsOffered,
        int migrationsDriven,
        Map<MigrationView.State, Long> migrationsByState,
        long oldestQueuedSeconds,
        long accountsErasing,
        long instances) {

    /** Keeps its own copy. */
    public WorkFigures {
        migrationsByState = Map.copyOf(migrationsByState);
    }
}
