package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.ProofView;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.InclusionProof;
import io.ferrymesh.scheme.InclusionProver;
import io.ferrymesh.scheme.MerkleLeaf;
import io.ferrymesh.scheme.MigrationId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Proves of single objects that a receipt covers them, from the report of the run that it is of. The rows stream by in the order of
 * the tree's leaves; nothing of them is kept but the path to the root. Blocking.
 */
final class Proofs {

    private static final int ROWS_AT_ONCE = 1_000;

    /** An object that the receipt covers. */
    private record Arrived(String path, long size, Digest digest) {

        byte[] leaf() {
            return MerkleLeaf.encode(path.getBytes(StandardCharsets.UTF_8), size, digest);
        }
    }

    /** A receipt, and the run that it is of. */
    private record Signed(Optional<Digest> root, Optional<Long> run, long rows) {}

    private final long mostRows;

    /** @param mostRows how many objects a report keeps */
    Proofs(long mostRows) {
        this.mostRows = mostRows;
    }

    /** NOT_FOUND before there is a receipt, or when it does not cover the object; CONFLICT when the report does not have all of it. */
    ProofView of(Handle handle, MigrationId id, String path) {
        Signed signed = handle.createQuery(
                        "SELECT merkle_root, receipt_run, report_rows FROM migration WHERE id = :id AND receipt IS NOT NULL")
                .bind("id", id.bytes())
                .map((row, context) -> new Signed(
                        Optional.ofNullable(row.getBytes("merkle_root")).map(Digest::of),
                        Columns.number(row, "receipt_run"),
                        row.getLong("report_rows")))
                .findOne()
                .orElseThrow(() -> new ServiceException(ServiceError.NOT_FOUND, "there is no receipt yet"));
        if (signed.root.isEmpty() || signed.run.isEmpty()) {
            throw Checks.conflict("it completed under an earlier version of this provider, which kept nothing to prove"
                    + " single objects from");
        }
        Digest root = signed.root.get();
        InclusionProver prover = new InclusionProver();
        Arrived[] proven = new Arrived[1];
        try (Stream<Arrived> covered = covered(handle, id, signed.run.get())) {
            covered.forEach(each -> {
                if (each.path().equals(path)) {
                    proven[0] = each;
                    prover.appendProven(each.leaf());
                } else {
                    prover.append(each.leaf());
                }
            });
        }
        if (!prover.root().equals(root)) {
            throw Checks.conflict(
                    signed.rows >= mostRows
                            ? "the receipt covers more objects than the " + mostRows
                                    + " that a report keeps, so nothing can be proven from it"
                            : "the report is not what it was when the receipt was signed, so nothing can be proven from it");
        }
        InclusionProof proof = prover.proof()
                .orElseThrow(() ->
                        new ServiceException(ServiceError.NOT_FOUND, "the receipt covers no object of that path"));
        return new ProofView(id, path, proven[0].size(), proven[0].digest(), proof, root);
    }

    /** In the order of the tree. What a later run has decided on again is as it was when the receipt was signed. */
    private static Stream<Arrived> covered(Handle handle, MigrationId id, long run) {
        return handle
                .createQuery("SELECT path, size, digest, leaf FROM migration_object WHERE migration = :id"
                        + " AND run = :run AND outcome IN ('ARRIVED', 'ALREADY_THERE') AND size IS NOT NULL"
                        + " AND digest IS NOT NULL AND leaf IS NOT NULL"
                        + " UNION ALL SELECT path, proof_size AS size, proof_digest AS digest, proof_leaf AS leaf"
                        + " FROM migration_object WHERE migration = :id AND proof_run IS NOT NULL AND proof_run = :run"
                        + " AND run <> :run ORDER BY leaf")
                .setFetchSize(ROWS_AT_ONCE)
                .bind("id", id.bytes())
                .bind("run", run)
                .map((row, context) ->
                        new Arrived(row.getString("path"), row.getLong("size"), Digest.of(row.getBytes("digest"))))
                .stream();
    }
}
