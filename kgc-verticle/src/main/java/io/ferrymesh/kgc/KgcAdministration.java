package io.ferrymesh.kgc;

import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.kgc.operator.BackupInfo;
import io.ferrymesh.kgc.operator.CommitmentProof;
import io.ferrymesh.kgc.operator.KeyEpochInfo;
import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.NewToken;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.operator.Operator;
import io.ferrymesh.kgc.operator.ProviderInfo;
import io.ferrymesh.kgc.operator.ReceiptTraceInfo;
import io.ferrymesh.kgc.operator.RevocationInfo;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.kgc.operator.StatusInfo;
import io.ferrymesh.kgc.operator.TraceInfo;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Pseudonym;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** What one operator can do: who may what is decided here, and a refusal for lack of a role is noted. */
final class KgcAdministration implements KgcOperations {

    private static final Set<Role> ANY = EnumSet.allOf(Role.class);
    /** Not AUDIT: with how much each provider has, the audit log would tell whose certificates its entries are about. */
    private static final Set<Role> READERS = EnumSet.of(Role.ENROLMENT, Role.REVOCATION);

    /** Where the work is done. */
    record Desks(
            ProviderDesk providers,
            RevocationDesk revocations,
            TraceDesk traces,
            KeyDesk keys,
            AuditDesk audits,
            RefusalLog refusals) {}

    private final Operator operator;
    private final String actor;
    private final Desks desks;

    KgcAdministration(Operator operator, Desks desks) {
        this.operator = operator;
        this.actor = Actors.of(operator);
        this.desks = desks;
    }

    @Override
    public ProviderInfo createProvider(String name, OptionalInt quota) {
        return as(Role.ENROLMENT, "createProvider", () -> desks.providers().create(actor, name, quota));
    }

    @Override
    public NewToken createToken(long provider, OptionalLong validitySeconds) {
        return as(Role.ENROLMENT, "createToken", () -> desks.providers().createToken(actor, provider, validitySeconds));
    }

    @Override
    public List<ProviderInfo> providers(long after, int limit) {
        return as(READERS, "providers", () -> desks.providers().list(after, limit));
    }

    @Override
    public ProviderInfo provider(long number) {
        return as(READERS, "provider", () -> desks.providers().find(number));
    }

    @Override
    public ProviderInfo setQuota(long provider, OptionalInt quota) {
        return as(Role.ENROLMENT, "setQuota", () -> desks.providers().setQuota(actor, provider, quota));
    }

    @Override
    public RevocationInfo revokePseudonym(Pseudonym pseudonym, String reason) {
        return as(Role.REVOCATION, "revokePseudonym", () -> desks.revocations().pseudonym(actor, pseudonym, reason));
    }

    @Override
    public RevocationInfo revokeProvider(long provider, String reason) {
        return as(Role.REVOCATION, "revokeProvider", () -> desks.revocations().provider(actor, provider, reason));
    }

    @Override
    public List<KeyEpochInfo> keyEpochs() {
        return as(ANY, "keyEpochs", () -> desks.keys().list());
    }

    @Override
    public KeyEpochInfo rotate(long activateAfterSeconds) {
        return as(Role.ADMIN, "rotate", () -> desks.keys().rotate(actor, activateAfterSeconds));
    }

    @Override
    public TraceInfo trace(Pseudonym pseudonym, String reason) {
        return as(Role.TRACE, "trace", () -> desks.traces().pseudonym(actor, pseudonym, reason));
    }

    @Override
    public ReceiptTraceInfo traceReceipt(byte[] signedReceipt, String reason) {
        return as(Role.TRACE, "traceReceipt", () -> desks.traces().receipt(actor, signedReceipt, reason));
    }

    @Override
    public List<AuditEntry> audit(long after, int limit) {
        return as(Role.AUDIT, "audit", () -> desks.audits().list(after, limit));
    }

    @Override
    public byte[] auditHead() {
        return as(Role.AUDIT, "auditHead", () -> desks.audits().head());
    }

    @Override
    public CommitmentProof certificate(Certificate certificate) {
        return as(Role.AUDIT, "certificate", () -> desks.audits().certificate(actor, certificate));
    }

    @Override
    public BackupInfo backup() {
        return as(Role.ADMIN, "backup", () -> desks.audits().backup(actor));
    }

    @Override
    public StatusInfo status() {
        return as(ANY, "status", () -> desks.audits().status());
    }

    private <T> T as(Role role, String operation, Supplier<T> work) {
        return as(EnumSet.of(role), operation, work);
    }

    private <T> T as(Set<Role> roles, String operation, Supplier<T> work) {
        return Failures.translated(() -> {
            if (!roles.contains(operator.role())) {
                throw forbidden(operation);
            }
            return work.get();
        });
    }

    private OperationException forbidden(String operation) {
        desks.refusals().refused(operator, operation);
        return new OperationException(Code.FORBIDDEN, "the role " + operator.role() + " does not allow this");
    }
}
