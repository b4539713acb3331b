package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.audit.AuditVerifier.Holders;
import io.ferrymesh.kgc.operator.AuditEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * The providers are those that the log made, with the quotas and the state it gave them. Which ones it revoked only the key file
 * tells; without it their number is compared. Holds all of them.
 */
final class ProviderCheck implements RegistryPart {

    private record Row(String name, boolean revoked, OptionalLong quota, long createdAt, long epoch, long used) {}

    private record Made(long entry, String name, long at, OptionalLong quota, boolean revoked) {}

    private final Findings findings;
    private final Optional<Holders> holders;
    private final Map<Long, Row> rows = new TreeMap<>();
    private final Map<Long, Made> made = new TreeMap<>();
    private final Map<Long, Long> charged = new HashMap<>();
    private int revocations;

    ProviderCheck(Handle handle, Optional<Holders> holders, Findings findings) {
        this.findings = findings;
        this.holders = holders;
        handle.createQuery("SELECT * FROM provider")
                .map((row, context) -> Map.entry(
                        row.getLong("number"),
                        new Row(
                                row.getString("name"),
                                !"ACTIVE".equals(row.getString("state")),
                                row.getObject("quota") == null
                                        ? OptionalLong.empty()
                                        : OptionalLong.of(row.getLong("quota")),
                                row.getLong("created_at"),
                                row.getLong("epoch"),
                                row.getLong("used"))))
                .forEach(row -> rows.put(row.getKey(), row.getValue()));
    }

    @Override
    public void entry(AuditEntry entry, EntryDetails details) {
        switch (entry.action()) {
            case Actions.PROVIDER_CREATED -> created(entry, details);
            case Actions.PROVIDER_QUOTA ->
                changed(
                        entry,
                        details,
                        each -> new Made(
                                each.entry, each.name, each.at, details.optionalNumber("quota"), each.revoked));
            case Actions.PROVIDER_REVOKED -> revoked(entry, details.text("holder"));
            default -> {}
        }
    }

    private void created(AuditEntry entry, EntryDetails details) {
        long number = details.number("provider");
        Made fresh = new Made(
                entry.seq(), details.text("name"), entry.at().getEpochSecond(), details.optionalNumber("quota"), false);
        if (made.putIfAbsent(number, fresh) != null) {
            findings.add(entry.seq(), Kind.PROVIDERS, "provider " + number + " was created before");
        }
    }

    private void revoked(AuditEntry entry, String holder) {
        revocations++;
        if (holders.isEmpty()) {
            return;
        }
        Holders names = holders.get();
        Optional<Long> whose = made.keySet().stream()
                .filter(number -> names.holder(entry.seq(), number).equals(holder))
                .findFirst();
        if (whose.isEmpty()) {
            findings.add(entry.seq(), Kind.PROVIDERS, "it revoked a provider that was not created before");
            return;
        }
        made.computeIfPresent(
                whose.get(), (number, each) -> new Made(each.entry, each.name, each.at, each.quota, true));
    }

    private void changed(AuditEntry entry, EntryDetails details, java.util.function.UnaryOperator<Made> change) {
        long number = details.number("provider");
        Optional<Made> known = Optional.ofNullable(made.get(number));
        if (known.isEmpty()) {
            findings.add(entry.seq(), Kind.PROVIDERS, "provider " + number + " was not created before");
        } else {
            made.put(number, change.apply(known.get()));
        }
    }

    /** An entry at this time issued certificates to a provider. */
    void charged(long provider, int count, long at) {
        Row row = rows.get(provider);
        if (row != null && at >= row.epoch) {
            charged.merge(provider, (long) count, Long::sum);
        }
    }

    @Override
    public void end() {
        made.forEach((number, each) -> {
            Row row = rows.get(number);
            if (row == null) {
                findings.add(each.entry, Kind.PROVIDERS, "provider " + number + " that it created is not there");
            } else {
                compare(number, row, each);
            }
        });
        rows.keySet().stream()
                .filter(number -> !made.containsKey(number))
                .forEach(number ->
                        findings.add(Kind.PROVIDERS, "provider " + number + " is there, but no entry created it"));
        compareRevoked();
    }

    /** An entry revokes one provider, and several can be about the same. */
    private void compareRevoked() {
        long revoked = rows.values().stream().filter(Row::revoked).count();
        if (revoked > revocations || (revoked == 0 && revocations > 0)) {
            findings.add(
                    Kind.PROVIDERS, revoked + " providers are revoked, by " + revocations + " entries that revoke one");
        }
    }

    private void compare(long number, Row row, Made each) {
        require(number, each, row.name.equals(each.name), "name " + row.name + " instead of " + each.name);
        require(number, each, row.quota.equals(each.quota), "a quota the log did not give it");
        require(number, each, row.createdAt == each.at, "another time of creation");
        require(
                number,
                each,
                holders.isEmpty() || row.revoked == each.revoked,
                row.revoked ? "been revoked by no entry" : "been revoked, but is active");
        long issued = charged.getOrDefault(number, 0L);
        require(
                number,
                each,
                row.used >= issued,
                "had " + issued + " certificates in its quota epoch, but " + row.used + " are charged");
    }

    private void require(long number, Made each, boolean holds, String otherwise) {
        if (!holds) {
            findings.add(each.entry, Kind.PROVIDERS, "provider " + number + " has " + otherwise);
        }
    }

    /** Whether it is there. */
    boolean has(long provider) {
        return rows.containsKey(provider);
    }

    /** Of those that are there. */
    long highestNumber() {
        return rows.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
