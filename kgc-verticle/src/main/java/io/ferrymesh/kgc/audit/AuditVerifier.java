package io.ferrymesh.kgc.audit;

import io.ferrymesh.database.Database;
import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.scheme.Digest;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;

/**
 * Verifies an audit log without the key centre: that every entry follows the one before, and that what the key centre signed is
 * this log. Of a database also that the registry is what the log says. Streaming, however long the log is.
 *
 * <p>What nobody signed yet can be replaced by whoever can write to the database; and whoever has the key centre's keys can sign
 * another log. Against both helps only a bulletin that somebody else kept: give it.
 */
public final class AuditVerifier {

    private static final int ROWS_AT_ONCE = 1_000;

    private final Digest pin;
    private final List<byte[]> bulletins;
    private final Optional<Holders> holders;

    /** Who holds the certificates of an entry, as entries name them; only who has the trace key can tell. */
    @FunctionalInterface
    public interface Holders {

        /** The name of a provider in this entry. */
        String holder(long entry, long provider);
    }

    /**
     * Says what to verify against.
     *
     * @param pin fingerprint of a key epoch one trusts
     * @param bulletins signed ones from elsewhere, which the log must fit too
     * @param holders to check which provider an entry is about, if one has the key file
     */
    public AuditVerifier(Digest pin, List<byte[]> bulletins, Optional<Holders> holders) {
        this.pin = pin;
        this.bulletins = List.copyOf(bulletins);
        this.holders = holders;
    }

    /** Verifies an exported log: a line for each entry. IOException if it cannot be read. */
    public AuditReport exported(BufferedReader lines) throws IOException {
        Findings findings = new Findings();
        Verification verification = new Verification(pin, bulletins, findings, bulletin -> {});
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            try {
                AuditEntry entry = AuditNdjson.entry(line);
                Optional<EntryDetails> unused = verification.entry(entry);
                verification.signed(entry, List.of());
            } catch (IllegalArgumentException e) {
                findings.add(Kind.UNREADABLE, "line " + number + ": " + e.getMessage());
            }
        }
        return verification.end();
    }

    /** Verifies a database, which may be open to read only. DatabaseException if it cannot be read. */
    public AuditReport registry(Database database) {
        return database.read(this::registry);
    }

    /** Verifies what this transaction sees of a database. */
    public AuditReport registry(Handle handle) {
        Findings findings = new Findings();
        try (Registries registries = new Registries(handle, holders, findings);
                StoredBulletins stored = new StoredBulletins(handle, findings);
                ResultIterator<AuditEntry> entries = entries(handle)) {
            Verification verification = new Verification(pin, bulletins, findings, registries.revocations()::signed);
            while (entries.hasNext()) {
                AuditEntry entry = entries.next();
                Optional<EntryDetails> details = verification.entry(entry);
                details.ifPresent(each -> registries.entry(entry, each));
                verification.signed(entry, stored.of(entry.seq()));
            }
            stored.end();
            registries.end(verification.chain());
            return verification.end();
        }
    }

    private static ResultIterator<AuditEntry> entries(Handle handle) {
        return handle.createQuery("SELECT * FROM audit ORDER BY seq")
                .setFetchSize(ROWS_AT_ONCE)
                .map((row, context) -> AuditRows.entry(row))
                .iterator();
    }
}
