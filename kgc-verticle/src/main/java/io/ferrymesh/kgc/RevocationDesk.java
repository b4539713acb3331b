package io.ferrymesh.kgc;

import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.operator.RevocationInfo;
import io.ferrymesh.kgc.registry.CertificateTable;
import io.ferrymesh.kgc.registry.Heads;
import io.ferrymesh.kgc.registry.Heads.Head;
import io.ferrymesh.kgc.registry.ProviderTable;
import io.ferrymesh.kgc.registry.RevocationTable;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationEntry;
import io.ferrymesh.scheme.RevocationLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Revokes. What is revoked is in the signed bulletin when a method returns. Whether the operator may is checked before. */
final class RevocationDesk {

    /** Certificates of a provider that are revoked in one transaction, so that others get their turn in between. */
    static final int AT_ONCE = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(RevocationDesk.class);

    private final Registry registry;
    private final Announcements announcements;
    private final KgcOptions options;
    private final KgcRuntime runtime;
    private final int maxEntries;

    RevocationDesk(Registry registry, Announcements announcements, KgcOptions options, KgcRuntime runtime) {
        this(registry, announcements, options, runtime, RevocationLog.MAX_ENTRIES);
    }

    /** With another bound of entries that receivers take at once. */
    RevocationDesk(
            Registry registry, Announcements announcements, KgcOptions options, KgcRuntime runtime, int maxEntries) {
        this.registry = registry;
        this.announcements = announcements;
        this.options = options;
        this.runtime = runtime;
        this.maxEntries = maxEntries;
    }

    RevocationInfo pseudonym(String actor, Pseudonym pseudonym, String reason) {
        Texts.requireReason(reason);
        requireProviders(pseudonym);
        Instant now = runtime.clock().instant();
        RevocationInfo done = registry.database().transaction(handle -> {
            AuditLog.Place place = AuditLog.next(handle);
            long until = until(handle, pseudonym, now.getEpochSecond());
            boolean fresh = until >= now.getEpochSecond() && !RevocationTable.contains(handle, pseudonym);
            if (fresh && room(handle, now.getEpochSecond()) < 1) {
                throw new OperationException(Code.OVERLOADED, "the revocation log is full: " + maxEntries);
            }
            List<RevocationEntry> entries = fresh ? List.of(new RevocationEntry(pseudonym, until)) : List.of();
            Head head = RevocationTable.append(handle, entries, now.getEpochSecond());
            Map<String, Object> details = details(reason, entries.size(), head);
            details.put("pseudonym", pseudonym.hex());
            place.write(now, actor, "pseudonym.revoked", details);
            return new RevocationInfo(head.number(), entries.size());
        });
        announce();
        return done;
    }

    /** Nobody looks for the key centre's own among the revoked: against a stolen master key only a new one helps. */
    private void requireProviders(Pseudonym pseudonym) {
        boolean own = registry.database().read(handle -> registry.find(handle, pseudonym)
                .filter(found -> found.provider() == 0)
                .isPresent());
        if (own) {
            throw new OperationException(
                    Code.INVALID,
                    "this pseudonym is the key centre's own, with which it signs; rotate the key instead");
        }
    }

    /** From the first transaction on nothing is issued to it; where the log is full what fits is revoked, and OVERLOADED. */
    RevocationInfo provider(String actor, long provider, String reason) {
        Texts.requireReason(reason);
        Step step = step(actor, provider, reason, 0);
        int revoked = step.revoked();
        try {
            while (step.more() && step.missing() == 0) {
                step = step(actor, provider, reason, step.lastSerial());
                revoked += step.revoked();
            }
        } finally {
            announce();
        }
        if (step.missing() > 0) {
            throw new OperationException(
                    Code.OVERLOADED,
                    "the revocation log is full: at least %d certificates of provider %d are not in it"
                            .formatted(step.missing(), provider));
        }
        return new RevocationInfo(step.head().number(), revoked);
    }

    /** With where the revocation log stands afterwards, so that the audit log vouches for it. */
    private static Map<String, Object> details(String reason, int revoked, Head head) {
        Map<String, Object> details = new TreeMap<>();
        details.put("reason", reason);
        details.put("revoked", revoked);
        details.put("number", head.number());
        details.put("hash", head.hash().hex());
        return details;
    }

    private record Step(long lastSerial, int revoked, Head head, boolean more, int missing) {}

    private Step step(String actor, long provider, String reason, long afterSerial) {
        return registry.database().transaction(handle -> step(handle, actor, provider, reason, afterSerial));
    }

    private Step step(Handle handle, String actor, long provider, String reason, long afterSerial) {
        Instant now = runtime.clock().instant();
        long seconds = now.getEpochSecond();
        if (!ProviderTable.revoke(handle, provider)) {
            throw ProviderDesk.unknown(provider);
        }
        AuditLog.Place place = AuditLog.next(handle);
        List<Map.Entry<Long, Long>> held = CertificateTable.unexpired(handle, provider, afterSerial, seconds, AT_ONCE);
        List<RevocationEntry> fresh = fresh(handle, provider, held);
        int room = (int) Math.min(fresh.size(), room(handle, seconds));
        Collections.shuffle(fresh, runtime.random()); // the order of serials would say what was issued together
        Head head = RevocationTable.append(handle, fresh.subList(0, room), seconds);
        Map<String, Object> details = details(reason, room, head);
        details.put("holder", registry.keyring().holder(place.seq(), provider));
        place.write(now, actor, "provider.revoked", details);
        boolean more = held.size() == AT_ONCE;
        long last = held.isEmpty() ? afterSerial : held.get(held.size() - 1).getKey();
        return new Step(last, room, head, more, fresh.size() - room);
    }

    /** Those that are not revoked yet. */
    private List<RevocationEntry> fresh(Handle handle, long provider, List<Map.Entry<Long, Long>> held) {
        List<RevocationEntry> entries = new ArrayList<>(held.size());
        held.forEach(each -> entries.add(
                new RevocationEntry(registry.keyring().trace().seal(provider, each.getKey()), each.getValue())));
        Set<Pseudonym> already = RevocationTable.containedOf(
                handle, entries.stream().map(RevocationEntry::pseudonym).toList());
        entries.removeIf(entry -> already.contains(entry.pseudonym()));
        return entries;
    }

    /** As long as its certificate is valid; of one that is not in the registry, as long as any can be. */
    private long until(Handle handle, Pseudonym pseudonym, long now) {
        return registry.find(handle, pseudonym)
                .map(CertificateTable.Row::notAfter)
                .orElse(now + options.maxValiditySeconds());
    }

    /** As receivers count: everything after the base, because that is what one that has nothing has to catch up with. */
    private long room(Handle handle, long now) {
        Head head = Heads.lock(handle, Heads.Name.REVOCATION);
        return maxEntries
                - (head.number() - announcements.base(handle, head, now).number());
    }

    /** What was revoked is durable already: if signing fails now, it is in the next bulletin. */
    private void announce() {
        try {
            Announcements.Signed unused = announcements.refresh();
        } catch (RuntimeException e) {
            LOG.error("a revocation is not announced yet", e);
        }
    }
}
