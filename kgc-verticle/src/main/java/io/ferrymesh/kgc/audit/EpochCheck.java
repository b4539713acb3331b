package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.operator.AuditEntry;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** The key epochs, and whose registry it is, are as the log says. */
final class EpochCheck implements RegistryPart {

    private record Epoch(String publicKey, long announcedAt, long activeFrom, OptionalLong retires) {

        private Epoch retiring(long at) {
            return new Epoch(publicKey, announcedAt, activeFrom, OptionalLong.of(at));
        }
    }

    private final Handle handle;
    private final Findings findings;
    private final Map<Long, Epoch> announced = new TreeMap<>();
    private final Map<Long, Long> entries = new TreeMap<>();
    private String centre = "";

    EpochCheck(Handle handle, Findings findings) {
        this.handle = handle;
        this.findings = findings;
    }

    @Override
    public void entry(AuditEntry entry, EntryDetails details) {
        long at = entry.at().getEpochSecond();
        if (entry.action().equals(Actions.CENTRE_CREATED)) {
            centre = details.text("centre");
            add(1, new Epoch(details.text("publicKey"), at, at, OptionalLong.empty()), entry.seq());
        } else if (entry.action().equals(Actions.KEY_ANNOUNCED)) {
            long number = details.number("epoch");
            long retires = details.number("predecessorRetires");
            announced.computeIfPresent(number - 1, (before, epoch) -> epoch.retiring(retires));
            long active = details.number("activeFrom");
            add(number, new Epoch(details.text("publicKey"), at, active, OptionalLong.empty()), entry.seq());
        }
    }

    private void add(long number, Epoch epoch, long entry) {
        announced.put(number, epoch);
        entries.put(number, entry);
    }

    @Override
    public void end() {
        Map<Long, Epoch> rows = new TreeMap<>();
        handle.createQuery("SELECT number, public_key, announced_at, active_from, retires_at FROM key_epoch")
                .map((row, context) -> Map.entry(
                        row.getLong("number"),
                        new Epoch(
                                HexFormat.of().formatHex(row.getBytes("public_key")),
                                row.getLong("announced_at"),
                                row.getLong("active_from"),
                                row.getObject("retires_at") == null
                                        ? OptionalLong.empty()
                                        : OptionalLong.of(row.getLong("retires_at")))))
                .forEach(row -> rows.put(row.getKey(), row.getValue()));
        announced.forEach((number, epoch) -> {
            if (!epoch.equals(rows.get(number))) {
                findings.add(
                        entries.getOrDefault(number, 0L),
                        Kind.KEYS,
                        rows.containsKey(number)
                                ? "key epoch " + number + " has another key or other times than were announced"
                                : "key epoch " + number + " that it announced is not there");
            }
        });
        rows.keySet().stream()
                .filter(number -> !announced.containsKey(number))
                .forEach(number -> findings.add(Kind.KEYS, "key epoch " + number + " was never announced"));
        compareCentre();
    }

    private void compareCentre() {
        String here = handle.createQuery("SELECT fingerprint FROM centre")
                .map((row, context) -> HexFormat.of().formatHex(row.getBytes("fingerprint")))
                .findOne()
                .orElse("");
        if (!here.equals(centre)) {
            findings.add(Kind.KEYS, "the registry is of another key centre than its log");
        }
    }
}
