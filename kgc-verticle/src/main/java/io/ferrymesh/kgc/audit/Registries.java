package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.audit.AuditVerifier.Holders;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.kgc.registry.Heads;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** All parts of a registry, compared with its log in one pass. */
final class Registries implements AutoCloseable {

    private final Handle handle;
    private final Findings findings;
    private final ProviderCheck providers;
    private final CertificateCheck certificates;
    private final RevocationCheck revocations;
    private final List<RegistryPart> parts;

    Registries(Handle handle, Optional<Holders> holders, Findings findings) {
        this.handle = handle;
        this.findings = findings;
        this.providers = new ProviderCheck(handle, holders, findings);
        this.certificates = new CertificateCheck(handle, holders, providers, findings);
        this.revocations = new RevocationCheck(handle, findings);
        this.parts = List.of(
                providers,
                certificates,
                revocations,
                new TokenCheck(handle, holders, findings),
                new EpochCheck(handle, findings),
                new NamedCheck(handle, findings));
    }

    void entry(AuditEntry entry, EntryDetails details) {
        for (RegistryPart part : parts) {
            try {
                part.entry(entry, details);
            } catch (IllegalArgumentException e) {
                findings.add(entry.seq(), Kind.UNREADABLE, String.valueOf(e.getMessage()));
            }
        }
    }

    /** What bulletins say of the revocations, they say of those until now. */
    RevocationCheck revocations() {
        return revocations;
    }

    void end(ChainCheck chain) {
        parts.forEach(RegistryPart::end);
        HeadCheck heads = new HeadCheck(handle, findings);
        heads.log(chain);
        heads.revocations(revocations);
        heads.atLeast(Heads.Name.SERIAL, certificates.highestSerial());
        heads.atLeast(Heads.Name.PROVIDER, providers.highestNumber());
    }

    @Override
    public void close() {
        parts.forEach(RegistryPart::close);
    }
}
