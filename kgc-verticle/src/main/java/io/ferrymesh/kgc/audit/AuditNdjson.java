package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.operator.AuditEntry;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;

/** An exported audit log: a JSON object on each line, as the operators' API gives entries. */
public final class AuditNdjson {

    private static final Set<String> MEMBERS = Set.of("seq", "at", "actor", "action", "details", "previous", "hash");

    private AuditNdjson() {}

    /** The line of an entry, without its end. */
    public static String line(AuditEntry entry) {
        return new JsonObject()
                .put("seq", entry.seq())
                .put("at", entry.at().toString())
                .put("actor", entry.actor())
                .put("action", entry.action())
                .put("details", entry.details())
                .put("previous", entry.previous())
                .put("hash", entry.hash())
                .encode();
    }

    /** The entry of a line; IllegalArgumentException if it is none. */
    public static AuditEntry entry(String line) {
        try {
            JsonObject members = new JsonObject(line);
            if (!members.fieldNames().equals(MEMBERS)) {
                throw new IllegalArgumentException("an exported entry has the members " + MEMBERS);
            }
            AuditEntry entry = new AuditEntry(
                    members.getLong("seq"),
                    Instant.parse(members.getString("at")),
                    members.getString("actor"),
                    members.getString("action"),
                    members.getString("details"),
                    members.getString("previous"),
                    members.getString("hash"));
            if (!members.equals(new JsonObject(line(entry)))) {
                throw new IllegalArgumentException("an exported entry's members have other types");
            }
            return entry;
        } catch (DecodeException | ClassCastException | NullPointerException | DateTimeException e) {
            throw new IllegalArgumentException("that is no exported entry", e);
        }
    }
}
