package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationChain;
import io.ferrymesh.scheme.RevocationEntry;
import org.jdbi.v3.core.Handle;

/**
 * The revocations are chained without gaps, each belongs to an entry that revoked, which says where the chain stood then, and
 * bulletins were signed for this chain.
 */
final class RevocationCheck implements RegistryPart {

    private static final int ROWS_AT_ONCE = 1_000;

    private record Row(long number, Pseudonym pseudonym, long until, Digest hash, long revokedAt) {}

    private final Findings findings;
    private final Merged<Row> rows;
    private long number;
    private Digest hash = RevocationChain.START;
    private int ofEntry;
    private long current;

    RevocationCheck(Handle handle, Findings findings) {
        this.findings = findings;
        this.rows = new Merged<>(
                handle.createQuery("SELECT number, pseudonym, until, hash, revoked_at FROM revocation"
                                + " ORDER BY number")
                        .setFetchSize(ROWS_AT_ONCE)
                        .map((row, context) -> new Row(
                                row.getLong("number"),
                                AuditRows.pseudonym(row, "pseudonym"),
                                row.getLong("until"),
                                AuditRows.digest(row, "hash"),
                                row.getLong("revoked_at")))
                        .iterator(),
                Row::number);
    }

    @Override
    public void entry(AuditEntry entry, EntryDetails details) {
        boolean one = entry.action().equals(Actions.PSEUDONYM_REVOKED);
        if (!one && !entry.action().equals(Actions.PROVIDER_REVOKED)) {
            return;
        }
        long revoked = details.number("revoked");
        long last = details.number("number");
        Digest lastHash = details.digest("hash");
        current = entry.seq();
        long before = number;
        ofEntry = 0;
        rows.upTo(last, row -> {
            ofEntry++;
            chained(row);
            compare(row, entry, details, one);
        });
        if (revoked != ofEntry || before + revoked != last) {
            wrong(
                    entry.seq(),
                    "it made revocations %d to %d, but %d are there after %d"
                            .formatted(last - revoked + 1, last, ofEntry, before));
        }
        if (number == last && !hash.equals(lastHash)) {
            wrong(entry.seq(), "revocation " + last + " is not the one it made");
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
            wrong(current, "revocations " + (number + 1) + " to " + (row.number - 1) + " are missing");
        }
        if (row.number == number + 1 && !row.hash.equals(next(hash, row))) {
            wrong(current, "revocation " + row.number + " does not have the hash it was written with");
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
        wrong(0, "revocation " + row.number + " was made by no entry");
    }

    private void wrong(long entry, String what) {
        findings.add(entry, Kind.REVOCATIONS, what);
    }

    @Override
    public void end() {
        current = 0;
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
