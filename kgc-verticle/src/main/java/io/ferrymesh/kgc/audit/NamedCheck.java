package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.operator.AuditEntry;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** The operators and the settings are those of the last entries about them. */
final class NamedCheck implements RegistryPart {

    private static final String SETTINGS_CHANGED = "settings.changed";

    private final Handle handle;
    private final Findings findings;
    private final Map<String, String> operators = new TreeMap<>();
    private final Map<String, String> settings = new TreeMap<>();

    NamedCheck(Handle handle, Findings findings) {
        this.handle = handle;
        this.findings = findings;
    }

    @Override
    public void entry(AuditEntry entry, EntryDetails details) {
        switch (entry.action()) {
            case Actions.OPERATOR_ADDED -> {
                String unused = operators.put(
                        details.text("name"),
                        described(details.text("role"), entry.at().getEpochSecond(), entry.seq()));
            }
            case Actions.OPERATOR_REMOVED -> {
                String unused = operators.remove(details.text("name"));
            }
            case SETTINGS_CHANGED -> details.all().forEach((name, value) -> settings.put(name, "" + value));
            default -> {}
        }
    }

    @Override
    public void end() {
        Map<String, String> rows = new TreeMap<>();
        handle.createQuery("SELECT name, role, created_at, added FROM operator")
                .map((row, context) -> Map.entry(
                        row.getString("name"),
                        described(row.getString("role"), row.getLong("created_at"), row.getLong("added"))))
                .forEach(row -> rows.put(row.getKey(), row.getValue()));
        compare("operator", operators, rows);
        Map<String, String> values = new TreeMap<>();
        handle.createQuery("SELECT name, value FROM setting")
                .map((row, context) -> Map.entry(row.getString("name"), "" + row.getLong("value")))
                .forEach(row -> values.put(row.getKey(), row.getValue()));
        compare("setting", settings, values);
    }

    private static String described(String role, long since, long entry) {
        return role + " since " + since + " by entry " + entry;
    }

    private void compare(String what, Map<String, String> logged, Map<String, String> rows) {
        Map<String, String> all = new TreeMap<>(logged);
        all.putAll(rows);
        all.keySet().forEach(name -> {
            String should = logged.getOrDefault(name, "not there");
            String is = rows.getOrDefault(name, "not there");
            if (!should.equals(is)) {
                findings.add(Kind.OPERATORS, what + " " + name + " is " + is + "; by the log it is " + should);
            }
        });
    }
}
