package io.ferrymesh.kgc.registry;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The certificates that were issued, by serial: never a pseudonym, which only the trace key makes of provider and serial. */
public final class CertificateTable {

    /** What certificates issued together have in common. */
    public record Batch(long provider, int keyEpoch, Validity validity, long auditSeq) {}

    /** One of a batch, and the commitment to it. */
    public record Item(long serial, Usage usage, Digest commitment) {}

    /** One as it is found again. */
    public record Row(long serial, long provider, Usage usage, long notAfter, Digest commitment, long auditSeq) {}

    private CertificateTable() {}

    /** Enters all of them. */
    public static void insert(Handle handle, Batch batch, List<Item> items) {
        PreparedBatch rows =
                handle.prepareBatch("INSERT INTO certificate (serial, provider, usage, key_epoch, not_before,"
                        + " not_after, commitment, audit_seq) VALUES (:serial, :provider, :usage, :epoch, :from, :to,"
                        + " :commitment, :seq)");
        for (Item item : items) {
            PreparedBatch unused = rows.bind("serial", item.serial())
                    .bind("provider", batch.provider())
                    .bind("usage", item.usage().code())
                    .bind("epoch", (long) batch.keyEpoch())
                    .bind("from", batch.validity().notBefore())
                    .bind("to", batch.validity().notAfter())
                    .bind("commitment", item.commitment().bytes())
                    .bind("seq", batch.auditSeq())
                    .add();
        }
        int[] unused = rows.execute();
    }

    /** One, if it was issued to this provider. */
    public static Optional<Row> find(Handle handle, long provider, long serial) {
        return handle.createQuery("SELECT serial, provider, usage, not_after, commitment, audit_seq FROM certificate"
                        + " WHERE serial = :serial AND provider = :provider")
                .bind("serial", serial)
                .bind("provider", provider)
                .map((row, context) -> new Row(
                        row.getLong("serial"),
                        row.getLong("provider"),
                        Usage.of(row.getInt("usage")),
                        row.getLong("not_after"),
                        Digest.of(row.getBytes("commitment")),
                        row.getLong("audit_seq")))
                .findOne();
    }

    /** Commitments entered with one audit entry, in the order of serials. */
    public static List<Item> batch(Handle handle, long auditSeq) {
        return handle.createQuery(
                        "SELECT serial, usage, commitment FROM certificate WHERE audit_seq = :seq" + " ORDER BY serial")
                .bind("seq", auditSeq)
                .map((row, context) -> new Item(
                        row.getLong("serial"), Usage.of(row.getInt("usage")), Digest.of(row.getBytes("commitment"))))
                .list();
    }

    /** Serials and ends of validity of what a provider holds that has not expired, from a serial on, ascending. */
    public static List<Map.Entry<Long, Long>> unexpired(
            Handle handle, long provider, long afterSerial, long now, int limit) {
        return handle.createQuery("SELECT serial, not_after FROM certificate WHERE provider = :provider"
                        + " AND not_after >= :now AND serial > :after ORDER BY serial LIMIT :limit")
                .bind("provider", provider)
                .bind("now", now)
                .bind("after", afterSerial)
                .bind("limit", limit)
                .map((row, context) -> Map.entry(row.getLong("serial"), row.getLong("not_after")))
                .list();
    }

    /** How many have not expired, by provider, for numbers from here to there. */
    public static Map<Long, Long> unexpiredCounts(Handle handle, long from, long to, long now) {
        Map<Long, Long> counts = new HashMap<>();
        handle.createQuery("SELECT provider, COUNT(*) AS held FROM certificate WHERE provider >= :from"
                        + " AND provider <= :to AND not_after >= :now GROUP BY provider")
                .bind("from", from)
                .bind("to", to)
                .bind("now", now)
                .map((row, context) -> Map.entry(row.getLong("provider"), row.getLong("held")))
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    /** All there ever were. */
    public static long count(Handle handle) {
        return handle.createQuery("SELECT COUNT(*) FROM certificate")
                .mapTo(Long.class)
                .one();
    }
}
