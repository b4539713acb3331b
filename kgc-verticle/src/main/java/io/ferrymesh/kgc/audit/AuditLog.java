package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.kgc.registry.Heads;
import io.ferrymesh.kgc.registry.Heads.Head;
import io.ferrymesh.scheme.Digest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The audit log in the database. An entry is written in the transaction of what it is about, so that neither is there without
 * the other; from {@link #next} until the transaction ends nobody else can write one, so it comes late in the transaction.
 */
public final class AuditLog {

    private AuditLog() {}

    /** A place in the chain that is held. Written once, in the same transaction. */
    public static final class Place {

        private final Handle handle;
        private final long seq;
        private final Digest previous;

        private Place(Handle handle, long seq, Digest previous) {
            this.handle = handle;
            this.seq = seq;
            this.previous = previous;
        }

        /** The number the entry will have. */
        public long seq() {
            return seq;
        }

        /** Writes the entry. */
        public void write(Instant at, String actor, String action, Map<String, ?> details) {
            String json = CanonicalJson.object(details);
            Digest hash = AuditChain.next(previous, seq, at.toEpochMilli(), actor, action, json);
            int unused = handle.createUpdate("INSERT INTO audit (seq, at_ms, actor, action, details, previous, hash)"
                            + " VALUES (:seq, :at, :actor, :action, :details, :previous, :hash)")
                    .bind("seq", seq)
                    .bind("at", at.toEpochMilli())
                    .bind("actor", actor)
                    .bind("action", action)
                    .bind("details", json)
                    .bind("previous", previous.bytes())
                    .bind("hash", hash.bytes())
                    .execute();
            Heads.set(handle, Heads.Name.AUDIT, new Head(seq, hash));
        }
    }

    /** Takes the next place. */
    public static Place next(Handle handle) {
        Head head = Heads.advance(handle, Heads.Name.AUDIT, 1);
        return new Place(handle, head.number(), head.hash());
    }

    /** What the entry that adds an operator says. */
    public static Map<String, String> operatorAdded(String name, String role) {
        return Map.of("name", name, "role", role);
    }

    /** What the entry that removes an operator says. */
    public static Map<String, String> operatorRemoved(String name) {
        return Map.of("name", name);
    }

    /** Whether this entry added an operator, and none after it removed it. */
    public static boolean isOperator(Handle handle, String name, String role, long added) {
        boolean there = handle.createQuery(
                        "SELECT seq FROM audit WHERE seq = :seq AND action = 'operator.added' AND details = :details")
                .bind("seq", added)
                .bind("details", CanonicalJson.object(operatorAdded(name, role)))
                .mapTo(Long.class)
                .findOne()
                .isPresent();
        return there
                && handle.createQuery("SELECT seq FROM audit WHERE action = 'operator.removed'"
                                + " AND details = :details AND seq > :added LIMIT 1")
                        .bind("details", CanonicalJson.object(operatorRemoved(name)))
                        .bind("added", added)
                        .mapTo(Long.class)
                        .findOne()
                        .isEmpty();
    }

    /** The hash of an entry, if there is one of this number. */
    public static Optional<Digest> hash(Handle handle, long seq) {
        return handle.createQuery("SELECT hash FROM audit WHERE seq = :seq")
                .bind("seq", seq)
                .map((row, context) -> Digest.of(row.getBytes("hash")))
                .findOne();
    }

    /** Entries after one, ascending. */
    public static List<AuditEntry> after(Handle handle, long seq, int limit) {
        HexFormat hex = HexFormat.of();
        return handle.createQuery("SELECT * FROM audit WHERE seq > :seq ORDER BY seq LIMIT :limit")
                .bind("seq", seq)
                .bind("limit", limit)
                .map((row, context) -> new AuditEntry(
                        row.getLong("seq"),
                        Instant.ofEpochMilli(row.getLong("at_ms")),
                        row.getString("actor"),
                        row.getString("action"),
                        row.getString("details"),
                        hex.formatHex(row.getBytes("previous")),
                        hex.formatHex(row.getBytes("hash"))))
                .list();
    }
}
