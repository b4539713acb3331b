package io.ferrymesh.kgc.backup;

import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.registry.Heads;
import io.ferrymesh.kgc.registry.OperatorTable;
import io.ferrymesh.kgc.registry.TokenTable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * What is done to a registry that was put back to an earlier state, however that was done, so that nothing that was done away
 * with since works again and no number comes twice.
 *
 * @param nextSerial from where certificates are counted now, beyond any that may have been issued since
 * @param nextProvider likewise for providers
 * @param tokens enrolment tokens that were not spent then, and are void now
 * @param operators removed, because one of them may have been removed since
 */
public record Restored(long nextSerial, long nextProvider, int tokens, List<String> operators) {

    /** As nodes begin counting: a million serials fit every millisecond. */
    private static final int SERIALS_PER_MS_BITS = 20;

    private static final long SERIALS_AT_LEAST = 1L << 40;
    private static final long PROVIDERS = 1_000_000;

    /** Copies the list. */
    public Restored {
        operators = List.copyOf(operators);
    }

    /** Does it, and writes what the audit log says of it. */
    public static Restored goOn(Handle handle, Instant now, Map<String, ?> details) {
        long restored = Heads.read(handle, Heads.Name.AUDIT).number();
        int tokens = TokenTable.deleteUnspent(handle);
        List<String> operators =
                OperatorTable.all(handle).stream().map(OperatorTable.Row::name).toList();
        for (String name : operators) {
            boolean unused = OperatorTable.delete(handle, name);
        }
        long serial = raise(handle, Heads.Name.SERIAL, now.toEpochMilli() << SERIALS_PER_MS_BITS, SERIALS_AT_LEAST);
        long provider = raise(handle, Heads.Name.PROVIDER, 0, PROVIDERS);
        for (String name : operators) {
            AuditLog.next(handle).write(now, "keyfile", "operator.removed", AuditLog.operatorRemoved(name));
        }
        Map<String, Object> more = new TreeMap<>(details);
        more.put("auditEntries", restored);
        more.put("tokens", tokens);
        AuditLog.next(handle).write(now, "keyfile", "centre.restored", more);
        return new Restored(serial + 1, provider + 1, tokens, operators);
    }

    /** By so many at least, because the clock may be behind the one that numbers were given out by. */
    private static long raise(Handle handle, Heads.Name name, long atLeast, long by) {
        long number = Math.max(atLeast, Heads.read(handle, name).number() + by);
        Heads.raise(handle, name, number);
        return number;
    }
}
