package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The signed bulletins that the database keeps, entry by entry. */
final class StoredBulletins implements AutoCloseable {

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(long seq, int keyEpoch, byte[] bulletin) {}

    private final Merged<Row> rows;
    private final Findings findings;

    StoredBulletins(Handle handle, Findings findings) {
        this.findings = findings;
        this.rows = new Merged<>(
                handle.createQuery("SELECT seq, key_epoch, bulletin FROM audit_signature ORDER BY seq, key_epoch")
                        .map((row, context) ->
                                new Row(row.getLong("seq"), row.getInt("key_epoch"), row.getBytes("bulletin")))
                        .iterator(),
                Row::seq);
    }

    List<Row> of(long seq) {
        return rows.of(seq, this::orphan);
    }

    void end() {
        rows.end(this::orphan);
    }

    private void orphan(Row row) {
        findings.add(row.seq, Kind.CUT_OFF, "a bulletin is stored for it, but the entry is not there");
    }

    @Override
    public void close() {
        rows.close();
    }
}
