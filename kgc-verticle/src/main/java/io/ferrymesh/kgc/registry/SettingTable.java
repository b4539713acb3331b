package io.ferrymesh.kgc.registry;

import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** What the options that matter were when a node last started. */
public final class SettingTable {

    private SettingTable() {}

    /** All of them by name; empty before the first start. */
    public static Map<String, Long> all(Handle handle) {
        Map<String, Long> settings = new TreeMap<>();
        handle.createQuery("SELECT name, value FROM setting")
                .map((row, context) -> Map.entry(row.getString("name"), row.getLong("value")))
                .forEach(setting -> settings.put(setting.getKey(), setting.getValue()));
        return settings;
    }

    /** Sets one. */
    public static void put(Handle handle, String name, long value) {
        int unused = handle.createUpdate("INSERT INTO setting (name, value) VALUES (:name, :value)"
                        + " ON CONFLICT (name) DO UPDATE SET value = :value")
                .bind("name", name)
                .bind("value", value)
                .execute();
    }
}
