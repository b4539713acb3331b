package io.ferrymesh.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the environment says about the log. logback.xml reads it too, but would take nonsense for silence or for everything. */
final class LogSettings {

    static final String FORMAT = "FERRYMESH_LOG_FORMAT";
    static final String LEVEL = "FERRYMESH_LOG_LEVEL";

    private static final Map<String, List<String>> RIGHT =
            Map.of(FORMAT, List.of("text", "json"), LEVEL, List.of("ERROR", "WARN", "INFO", "DEBUG"));
    private static final Map<String, String> DEFAULTS = Map.of(FORMAT, "text", LEVEL, "WARN");

    private LogSettings() {}

    /** Refuses a bad value with its key and what would be right. */
    static void check(Map<String, String> environment) {
        RIGHT.forEach((key, right) -> {
            String value = environment.getOrDefault(key, "");
            if (!value.isEmpty() && !right.contains(value)) {
                throw new IllegalArgumentException(key + " must be " + String.join(" or ", right) + ": " + value);
            }
        });
    }

    /** What logback is to be told besides, because an empty value is as good as none: system properties, which come first. */
    static Map<String, String> properties(Map<String, String> environment) {
        Map<String, String> properties = new HashMap<>(DEFAULTS);
        properties
                .keySet()
                .removeIf(key -> !environment.getOrDefault(key, "unset").isEmpty());
        return properties;
    }
}
