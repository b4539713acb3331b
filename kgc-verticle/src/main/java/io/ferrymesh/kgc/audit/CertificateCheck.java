package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.audit.AuditVerifier.Holders;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Usage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Every entry that says certificates were issued has just these rows, and every row has such an entry. */
final class CertificateCheck implements RegistryPart {

    private static final int ROWS_AT_ONCE = 1_000;

    private record Row(
            long serial,
            long provider,
            int usage,
            long keyEpoch,
            long notBefore,
            long notAfter,
            Digest commitment,
            long auditSeq) {

        private boolean sameBatch(Row other) {
            return provider == other.provider
                    && keyEpoch == other.keyEpoch
                    && notBefore == other.notBefore
                    && notAfter == other.notAfter;
        }
    }

    private final Handle handle;
    private final Findings findings;
    private final Optional<Holders> holders;
    private final ProviderCheck providers;
    private final Merged<Row> rows;
    private long highestSerial;

    CertificateCheck(Handle handle, Optional<Holders> holders, ProviderCheck providers, Findings findings) {
        this.handle = handle;
        this.findings = findings;
        this.holders = holders;
        this.providers = providers;
        this.rows = new Merged<>(
                handle.createQuery("SELECT serial, provider, usage, key_epoch, not_before, not_after, commitment,"
                                + " audit_seq FROM certificate ORDER BY audit_seq, serial")
                        .setFetchSize(ROWS_AT_ONCE)
                        .map((row, context) -> row(row))
                        .iterator(),
                Row::auditSeq);
    }

    @Override
    public void entry(AuditEntry entry, EntryDetails details) {
        List<Row> own = rows.of(entry.seq(), this::orphan);
        own.forEach(row -> highestSerial = Math.max(highestSerial, row.serial));
        boolean announcer = entry.action().equals(Actions.ANNOUNCER_ISSUED);
        if (!announcer && !entry.action().equals(Actions.CERTIFICATES_ISSUED)) {
            own.forEach(this::orphan);
            return;
        }
        if (own.isEmpty()) {
            wrong(entry, "all its certificates are missing");
            return;
        }
        Row first = own.get(0);
        own.stream()
                .filter(row -> !row.sameBatch(first))
                .forEach(row -> wrong(
                        entry,
                        "serial " + row.serial + " differs from " + first.serial
                                + " in provider, key epoch or validity"));
        compare(entry, details, own);
        compareProvider(entry, details, first, announcer);
        providers.charged(first.provider, own.size(), entry.at().getEpochSecond());
    }

    private void compare(AuditEntry entry, EntryDetails details, List<Row> own) {
        Row first = own.get(0);
        requireSame(entry, details, "count", (long) own.size());
        requireSame(entry, details, "keyEpoch", first.keyEpoch);
        requireSame(entry, details, "notBefore", first.notBefore);
        requireSame(entry, details, "notAfter", first.notAfter);
        Map<String, Object> usages = new TreeMap<>();
        own.forEach(row -> usages.merge(usage(row), 1, (a, b) -> (int) a + (int) b));
        if (!new HashMap<>(usages).equals(new HashMap<>(details.object("usages")))) {
            wrong(entry, "it says usages " + details.object("usages") + ", the certificates have " + usages);
        }
        Digest root =
                Digest.sha256(own.stream().map(row -> row.commitment.bytes()).toArray(byte[][]::new));
        if (!details.digest("root").equals(root)) {
            wrong(entry, "the commitments to its certificates are not those it was written with");
        }
    }

    private void compareProvider(AuditEntry entry, EntryDetails details, Row first, boolean announcer) {
        if (announcer != (first.provider == 0)) {
            wrong(entry, "its certificates are those of provider " + first.provider);
            return;
        }
        if (!announcer && !providers.has(first.provider)) {
            wrong(entry, "its certificates are those of provider " + first.provider + ", which is not there");
        }
        if (announcer || holders.isEmpty()) {
            return;
        }
        String holder = holders.get().holder(entry.seq(), first.provider);
        if (!details.text("holder").equals(holder)) {
            wrong(entry, "its certificates were not issued to provider " + first.provider);
        }
    }

    private void requireSame(AuditEntry entry, EntryDetails details, String member, long here) {
        long said = details.number(member);
        if (said != here) {
            wrong(entry, "it says " + member + " " + said + ", the certificates have " + here);
        }
    }

    private void wrong(AuditEntry entry, String what) {
        findings.add(entry.seq(), Kind.CERTIFICATES, what);
    }

    private void orphan(Row row) {
        highestSerial = Math.max(highestSerial, row.serial);
        findings.add(
                row.auditSeq,
                Kind.CERTIFICATES,
                "serial " + row.serial + " names it, but it issued no such certificate");
    }

    @Override
    public void end() {
        rows.end(this::orphan);
        handle.createQuery("SELECT serial FROM certificate GROUP BY serial HAVING COUNT(*) > 1")
                .mapTo(Long.class)
                .forEach(serial -> findings.add(Kind.CERTIFICATES, "serial " + serial + " is there twice"));
    }

    /** Of all certificates, once there are no more entries. */
    long highestSerial() {
        return highestSerial;
    }

    @Override
    public void close() {
        rows.close();
    }

    private static String usage(Row row) {
        try {
            return Usage.of(row.usage).name();
        } catch (RuntimeException e) {
            return "usage " + row.usage;
        }
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("serial"),
                row.getLong("provider"),
                row.getInt("usage"),
                row.getLong("key_epoch"),
                row.getLong("not_before"),
                row.getLong("not_after"),
                AuditRows.digest(row, "commitment"),
                row.getLong("audit_seq"));
    }
}
