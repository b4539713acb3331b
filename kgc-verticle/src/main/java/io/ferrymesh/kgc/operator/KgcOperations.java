package io.ferrymesh.kgc.operator;

import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Pseudonym;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one operator can do. Every call is checked against the operator's role; what changes or discloses something is in the
 * audit log before its result is returned. Refusals are {@link OperationException}s. Blocking: worker threads only.
 */
public interface KgcOperations {

    /** Most providers or audit entries in one answer. */
    int MAX_PAGE = 1_000;

    /**
     * Takes a provider on; it gets certificates once it has enrolled with a token. ENROLMENT. CONFLICT if the name is taken.
     *
     * @param name 1 to 64 letters, digits, dots, hyphens and underscores
     * @param quota certificates in an epoch, if not the default
     */
    ProviderInfo createProvider(String name, OptionalInt quota);

    /** A fresh enrolment token for a provider that is not revoked. ENROLMENT. */
    NewToken createToken(long provider, OptionalLong validitySeconds);

    /** Providers with a higher number, ascending. ENROLMENT or REVOCATION. */
    List<ProviderInfo> providers(long after, int limit);

    /** One provider. ENROLMENT or REVOCATION. */
    ProviderInfo provider(long number);

    /** Sets a provider's quota in an epoch, or leaves it to the default. ENROLMENT. */
    ProviderInfo setQuota(long provider, OptionalInt quota);

    /**
     * Revokes one pseudonym, whoever it belongs to. The published list says so when this returns. REVOCATION.
     *
     * @param reason 10 to 500 characters
     */
    RevocationInfo revokePseudonym(Pseudonym pseudonym, String reason);

    /** Revokes every unexpired pseudonym of a provider and issues nothing to it any more. REVOCATION. */
    RevocationInfo revokeProvider(long provider, String reason);

    /** Every key epoch there was, ascending. Any role. */
    List<KeyEpochInfo> keyEpochs();

    /** Makes a new master key and announces it, signed under the one in force. ADMIN. CONFLICT while one is announced. */
    KeyEpochInfo rotate(long activateAfterSeconds);

    /**
     * Opens a pseudonym. TRACE.
     *
     * @param reason 10 to 500 characters, kept in the audit log
     */
    TraceInfo trace(Pseudonym pseudonym, String reason);

    /** Opens what is authentic in a receipt, which must verify under one of the key epochs. TRACE. */
    ReceiptTraceInfo traceReceipt(byte[] signedReceipt, String reason);

    /** Entries of the audit log after that one, ascending. AUDIT. */
    List<AuditEntry> audit(long after, int limit);

    /** The signed bulletin that says how far the audit log goes and with which hash. AUDIT. */
    byte[] auditHead();

    /** Whether a certificate was issued here. AUDIT. That it was asked is in the audit log before the answer. */
    CommitmentProof certificate(Certificate certificate);

    /** Makes a backup of the registry in the directory configured for that. ADMIN. */
    BackupInfo backup();

    /** How the key centre stands. Any role. */
    StatusInfo status();
}
