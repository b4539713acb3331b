package io.ferrymesh.provider.engine;

import io.ferrymesh.provider.options.DryRunTotals;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Pseudonym;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the destination knows of one migration.
 *
 * @param handshakeMicros how long the handshake took, in microseconds
 * @param problems the first {@link #MAX_PROBLEMS} objects that failed or were skipped
 * @param problemsTotal how many there were in all
 * @param receipt the bytes of the countersigned receipt, once there is one
 * @param dryRun what a dry run has found, once it has completed; there is no receipt of one
 */
public record DestinationStatus(
        MigrationState state,
        Progress progress,
        Instant startedAt,
        Optional<Instant> finishedAt,
        Optional<Long> handshakeMicros,
        Optional<Pseudonym> own,
        Optional<Pseudonym> peer,
        Optional<Digest> merkleRoot,
        Optional<Failure> failure,
        String cryptoProvider,
        List<ReportLine> problems,
        long problemsTotal,
        Optional<byte[]> receipt,
        Optional<DryRunTotals> dryRun) {

    /** Of a run that is none that only looks. */
    public DestinationStatus(
            MigrationState state,
            Progress progress,
            Instant startedAt,
            Optional<Instant> finishedAt,
            Optional<Long> handshakeMicros,
            Optional<Pseudonym> own,
            Optional<Pseudonym> peer,
            Optional<Digest> merkleRoot,
            Optional<Failure> failure,
            String cryptoProvider,
            List<ReportLine> problems,
            long problemsTotal,
            Optional<byte[]> receipt) {
        this(
                state,
                progress,
                startedAt,
                finishedAt,
                handshakeMicros,
                own,
                peer,
                merkleRoot,
                failure,
                cryptoProvider,
                problems,
                problemsTotal,
                receipt,
                Optional.empty());
    }

    /** Most lines a report holds. */
    public static final int MAX_PROBLEMS = 1_000;

    public DestinationStatus {
        problems = List.copyOf(problems);
        if (problems.size() > MAX_PROBLEMS || problemsTotal < problems.size()) {
            throw new IllegalArgumentException("a report has at most " + MAX_PROBLEMS
                    + " lines, and no more than there are: " + problems.size() + " of " + problemsTotal);
        }
    }
}
