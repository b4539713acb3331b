package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.SignedReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One end of a migration as it is now.
 *
 * @param problems what did not move, the first {@link Progress#MAX_PROBLEMS} of it
 * @param failure the code that stopped it, if one did
 * @param dryRun what a run that only looked has found
 * @param handshake how long authentication took, both network trips included
 * @param root of the Merkle tree over everything that arrived, once both ends agree on it
 */
public record MigrationStatus(
        MigrationId id,
        MigrationState state,
        MigrationCounts counts,
        List<Problem> problems,
        Optional<ErrorCode> failure,
        Optional<String> message,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<Duration> handshake,
        Optional<Pseudonym> own,
        Optional<Pseudonym> peer,
        Optional<Digest> root,
        Optional<SignedReceipt> receipt,
        Optional<DryRun> dryRun) {}
