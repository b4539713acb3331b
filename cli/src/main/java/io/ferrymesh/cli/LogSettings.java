package io.ferrymesh.cli;

import java.util.List;
import java.util.Map;

/** What the environment says about the log. logback.xml reads it too, but would take nonsense for silence or for everything. */
final class LogSettings {

    static final String FORMAT = "FERRYMESH_LOG_FORMAT";
    static final String LEVEL = "FERRYMESH_LOG_LEVEL";

    private static final List<String> FORMATS = List.of("text", "json");
    private static final List<String> LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG");

    private LogSettings() {}

    /** Refuses a bad value with its key and what would be right. An empty value is as good as none. */
    static void check(Map<String, String> environment) {
        require(environment, FORMAT, FORMATS);
        require(environment, LEVEL, LEVELS);
    }

    private static void require(Map<String, String> environment, String key, List<String> right) {
        String value = environment.getOrDefault(key, "");
        if (!value.isEmpty() && !right.contains(value)) {
            throw new IllegalArgumentException(key + " must be " + String.join(" or ", right) + ": " + value);
        }
    }
}
