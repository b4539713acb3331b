package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.SchemeException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One pass over a log: its chain, its keys and its signatures. */
final class Verification {

    private final Findings findings;
    private final ChainCheck chain;
    private final SignatureCheck signatures;
    private long entries;

    Verification(Digest pin, List<byte[]> bulletins, Findings findings, Consumer<Bulletin> verified) {
        this.findings = findings;
        this.chain = new ChainCheck(findings);
        this.signatures = new SignatureCheck(pin, bulletins, findings, verified);
    }

    /** The next entry. Returns its details if they can be read. */
    Optional<EntryDetails> entry(AuditEntry entry) {
        entries++;
        chain.next(entry);
        try {
            EntryDetails details = EntryDetails.parse(entry.details());
            if (entry.action().equals(Actions.CENTRE_CREATED)) {
                announced(1, details, entry.seq());
            } else if (entry.action().equals(Actions.KEY_ANNOUNCED)) {
                announced(Math.toIntExact(details.number("epoch")), details, entry.seq());
            }
            return Optional.of(details);
        } catch (IllegalArgumentException | ArithmeticException | SchemeException e) {
            findings.add(entry.seq(), Kind.UNREADABLE, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void announced(int epoch, EntryDetails details, long seq) {
        signatures.announced(epoch, KgcPublicKey.decode(details.bytes("publicKey")), seq);
    }

    /** The bulletins that are for the entry before the next. */
    void signed(AuditEntry entry, List<StoredBulletins.Row> stored) {
        stored.forEach(each -> signatures.stored(each.bulletin(), each.keyEpoch(), entry.seq(), entry.hash()));
        signatures.reached(entry.seq(), entry.hash());
    }

    ChainCheck chain() {
        return chain;
    }

    AuditReport end() {
        signatures.ended(chain.seq());
        Optional<AuditReport.Vouched> vouched = signatures.vouched();
        return new AuditReport(
                entries, chain.hash(), vouched, signatures.verified(), findings.kept(), findings.found());
    }
}
