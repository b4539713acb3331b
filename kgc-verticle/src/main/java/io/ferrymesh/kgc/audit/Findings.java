package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import java.util.ArrayList;
import java.util.List;

/** The findings so far: all are counted, the first are kept. */
final class Findings {

    private static final int KEPT = 1_000;

    private final List<AuditFinding> kept = new ArrayList<>();
    private long found;

    void add(long entry, Kind kind, String what) {
        found++;
        if (kept.size() < KEPT) {
            kept.add(new AuditFinding(entry, kind, what));
        }
    }

    void add(Kind kind, String what) {
        add(0, kind, what);
    }

    List<AuditFinding> kept() {
        return kept;
    }

    long found() {
        return found;
    }
}
