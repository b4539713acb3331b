package io.ferrymesh.kgc;

import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.operator.Operator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes what operators tried that their role does not allow: in the audit log, but of each operator one a second at most, so that
 * nobody with some role can fill it; all of them in the node's log. Any thread.
 */
final class RefusalLog {

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final long EVERY_MS = 1_000;
    /** Operators that are remembered; there are few. */
    private static final int REMEMBERED = 1_000;

    private final Registry registry;
    private final KgcRuntime runtime;
    private final Map<String, Long> noted = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    RefusalLog(Registry registry, KgcRuntime runtime) {
        this.registry = registry;
        this.runtime = runtime;
    }

    void refused(Operator operator, String operation) {
        LOG.warn("refused to operator {} with role {}: {}", operator.name(), operator.role(), operation);
        var now = runtime.clock().instant();
        if (!isTime(operator.name(), now.toEpochMilli())) {
            return;
        }
        Map<String, String> details =
                Map.of("operation", operation, "role", operator.role().name());
        long unused = registry.database().transaction(handle -> {
            AuditLog.Place place = AuditLog.next(handle);
            place.write(now, Actors.of(operator), "operation.refused", details);
            return place.seq();
        });
    }

    private synchronized boolean isTime(String name, long nowMs) {
        long last = noted.getOrDefault(name, nowMs - EVERY_MS);
        boolean time = nowMs - last >= EVERY_MS || nowMs < last;
        if (time) {
            noted.put(name, nowMs);
        }
        return time;
    }
}
