package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationChain;
import io.ferrymesh.scheme.RevocationEntry;
import org.jdbi.v3.core.Handle;

/** The revocations are chained without gaps, each belongs to an entry that revoked, and bulletins were signed for this chain. */
final class RevocationCheck implements RegistryPart {

    private static final int ROWS_AT_ONCE = 1_000;

    private record Row(long number, Pseudonym pseudonym, long until, Digest hash, long revokedAt, long auditSeq) {}

    private final Findings findings;
    private final Merged<Row> rows;
    private long number;
    private Digest hash = RevocationChain.START;
    private int ofEntry;

    RevocationCheck(Handle handle, Findings findings) {
        this.findings = findings;
        this.rows = new Merged<>(
                handle.createQuery("SELECT number, pseudonym, until, hash, revoked_at, audit_seq FROM revocation"
                                + " ORDER BY number")
                        .setFetchSize(ROWS_AT_ONCE)
                        .map((row, context) -> new Row(
                                row.getLong("number"),
                                AuditRows.pseudonym(row, "pseudonym"),
                                row.getLong("until"),
                                AuditRows.digest(row, "hash"),
                                row.getLong("revoked_at"),
                                row.getLong("audit_seq")))
                        .iterator(),
                Row::auditSeq);
    }

    @Override
    public void entry(AuditEntry entry, EntryDetails details) {
        boolean one = entry.action().equals(Actions.PSEUDONYM_REVOKED);
        boolean revokes = one || entry.action().equals(Actions.PROVIDER_REVOKED);
        ofEntry = 0;
        rows.upTo(
                entry.seq(),
                row -> {
                    ofEntry++;
                    chained(row);
                    if (!revokes) {
                        orphan(row);
                    } else {
                        compare(row, entry, details, one);
                    }
                },
                row -> {
                    chained(row);
                    orphan(row);
                });
        if (revokes && details.number("revoked") != ofEntry) {
            wrong(entry.seq(), "it revoked " + details.number("revoked") + ", and " + ofEntry + " revocations name it");
        }
    }

    private void compare(Row row, AuditEntry entry, EntryDetails details, boolean one) {
        if (one && !details.text("pseudonym").equals(row.pseudonym.hex())) {
            wrong(entry.seq(), "revocation " + row.number + " is of another pseudonym");
        }
        if (row.revokedAt != entry.at().getEpochSecond()) {
            wrong(entry.seq(), "revocation " + row.number + " is of another time");
        }
    }

    private void chained(Row row) {
        if (row.number != number + 1) {
            wrong(row.auditSeq, "revocations " + (number + 1) + " to " + (row.number - 1) + " are missing");
        }
        if (row.number == number + 1 && !row.hash.equals(next(hash, row))) {
            wrong(row.auditSeq, "revocation " + row.number + " does not have the hash it was written with");
        }
        number = row.number;
        hash = row.hash;
    }

    private static Digest next(Digest previous, Row row) {
        try {
            return RevocationChain.next(previous, row.number, new RevocationEntry(row.pseudonym, row.until));
        } catch (IllegalArgumentException e) {
            return RevocationChain.START;
        }
    }

    /** What was signed when the log was at this entry. */
    void signed(Bulletin bulletin) {
        if (bulletin.number() != number || !bulletin.hash().equals(hash)) {
            wrong(
                    bulletin.auditEntries(),
                    "a bulletin was signed for " + bulletin.number() + " revocations, here are " + number
                            + (bulletin.number() == number ? " others" : ""));
        }
    }

    private void orphan(Row row) {
        wrong(row.auditSeq, "revocation " + row.number + " names it, but it revoked nothing");
    }

    private void wrong(long entry, String what) {
        findings.add(entry, Kind.REVOCATIONS, what);
    }

    @Override
    public void end() {
        rows.end(row -> {
            chained(row);
            orphan(row);
        });
    }

    /** The last one's number. */
    long number() {
        return number;
    }

    /** The last one's hash. */
    Digest hash() {
        return hash;
    }

    @Override
    public void close() {
        rows.close();
    }
}
