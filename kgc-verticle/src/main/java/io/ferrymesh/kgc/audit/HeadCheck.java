package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.registry.Heads;
import io.ferrymesh.kgc.registry.Heads.Head;
import org.jdbi.v3.core.Handle;

/** The counters stand where the rows end. */
final class HeadCheck {

    private final Handle handle;
    private final Findings findings;

    HeadCheck(Handle handle, Findings findings) {
        this.handle = handle;
        this.findings = findings;
    }

    void log(ChainCheck chain) {
        Head head = Heads.read(handle, Heads.Name.AUDIT);
        if (head.number() > chain.seq()) {
            findings.add(
                    head.number(),
                    Kind.CUT_OFF,
                    "the database counts " + head.number() + " entries, but the last is " + chain.seq());
        } else if (head.number() != chain.seq() || !head.hash().hex().equals(chain.hash())) {
            findings.add(Kind.HEADS, "the counter of audit entries stands elsewhere than the last entry");
        }
    }

    void revocations(RevocationCheck revocations) {
        Head head = Heads.read(handle, Heads.Name.REVOCATION);
        if (head.number() != revocations.number() || !head.hash().equals(revocations.hash())) {
            findings.add(
                    Kind.REVOCATIONS,
                    "the counter of revocations stands at " + head.number() + ", the last one is "
                            + revocations.number());
        }
    }

    void atLeast(Heads.Name name, long highest) {
        long number = Heads.read(handle, name).number();
        if (number < highest) {
            findings.add(
                    Kind.HEADS,
                    "the " + name + " counter stands at " + number + ", below " + highest
                            + " which was given out: numbers would come twice");
        }
    }
}
