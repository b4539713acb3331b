package io.ferrymesh.kgc;

import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.kgc.operator.BackupInfo;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.CommitmentProof;
import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.StatusInfo;
import io.ferrymesh.kgc.registry.CertificateTable;
import io.ferrymesh.kgc.registry.CertificateTable.Item;
import io.ferrymesh.kgc.registry.Heads;
import io.ferrymesh.kgc.registry.Heads.Head;
import io.ferrymesh.kgc.registry.ProviderTable;
import io.ferrymesh.kgc.registry.RevocationTable;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Digest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Shows the audit log, proves what is in it, tells how things stand and makes backups. What is allowed is checked before. */
final class AuditDesk {

    private final Registry registry;
    private final KeyEpochs epochs;
    private final Announcements announcements;
    private final Backups backups;
    private final KgcRuntime runtime;

    AuditDesk(Registry registry, KeyEpochs epochs, Announcements announcements, Backups backups, KgcRuntime runtime) {
        this.registry = registry;
        this.epochs = epochs;
        this.announcements = announcements;
        this.backups = backups;
        this.runtime = runtime;
    }

    List<AuditEntry> list(long after, int limit) {
        Pages.require(after, limit, KgcOperations.MAX_PAGE);
        return registry.database().read(handle -> AuditLog.after(handle, after, limit));
    }

    byte[] head() {
        Announcements.Signed signed = announcements.refresh();
        KeyEpoch inForce = epochs.inForce(runtime.nowSeconds());
        return signed.bulletin(inForce.key().fingerprint()).orElseThrow();
    }

    /** Which certificates somebody looks for is told before it is answered: who looks for many learns what belongs together. */
    CommitmentProof certificate(String actor, Certificate certificate) {
        write(
                actor,
                "certificate.proved",
                Map.of("pseudonym", certificate.pseudonym().hex()));
        return registry.database().read(handle -> {
            Optional<CommitmentProof.Found> found =
                    registry.issued(handle, certificate).map(each -> proof(handle, each));
            return new CommitmentProof(found.isPresent(), found);
        });
    }

    private CommitmentProof.Found proof(Handle handle, CertificateTable.Row row) {
        List<Item> batch = CertificateTable.batch(handle, row.auditSeq());
        List<Digest> commitments = batch.stream().map(Item::commitment).toList();
        return new CommitmentProof.Found(
                row.auditSeq(),
                commitments.indexOf(row.commitment()),
                HexFormat.of().formatHex(registry.keyring().salt(row.serial())),
                commitments.stream().map(Digest::hex).toList());
    }

    BackupInfo backup(String actor) {
        BackupInfo made = backups.make();
        Map<String, Object> details = Map.of(
                "file", made.file(),
                "bytes", made.bytes(),
                "sha256", made.sha256(),
                "auditEntries", made.auditEntries());
        write(actor, "backup.made", details);
        return made;
    }

    private void write(String actor, String action, Map<String, ?> details) {
        Instant now = runtime.clock().instant();
        long unused = registry.database().transaction(handle -> {
            AuditLog.Place place = AuditLog.next(handle);
            place.write(now, actor, action, details);
            return place.seq();
        });
    }

    StatusInfo status() {
        epochs.refresh(registry.database());
        long now = runtime.nowSeconds();
        KeyEpoch inForce = epochs.inForce(now);
        return registry.database().read(handle -> {
            Head revocation = Heads.read(handle, Heads.Name.REVOCATION);
            Head base = announcements.base(handle, revocation, now);
            return new StatusInfo(
                    inForce.key().fingerprint().hex(),
                    inForce.number(),
                    registry.database().isSqlite() ? "sqlite" : "postgresql",
                    ProviderTable.count(handle),
                    CertificateTable.count(handle),
                    revocation.number(),
                    RevocationTable.live(handle, base.number(), now),
                    Heads.read(handle, Heads.Name.AUDIT).number());
        });
    }
}
