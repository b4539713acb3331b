package io.ferrymesh.provider.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One key of the configuration.
 *
 * @param path where it is in the file, with dots between
 * @param variable the environment variable that sets it, over the file
 * @param type what its value may be
 * @param fallback its value when it is not set; empty where it has none
 * @param meaning for the table of all keys
 * @param secret whether it may be set in the environment only, and is never shown
 */
record Key<T>(
        String path, String variable, ValueType<T> type, Optional<String> fallback, String meaning, boolean secret) {

    static final String PREFIX = "FERRYMESH_PROVIDER_";

    static <T> Key<T> of(String path, ValueType<T> type, String fallback, String meaning) {
        return new Key<>(path, variable(path), type, Optional.of(fallback), meaning, false);
    }

    /** One without a default. */
    static <T> Key<T> of(String path, ValueType<T> type, String meaning) {
        return new Key<>(path, variable(path), type, Optional.empty(), meaning, false);
    }

    /** One whose value nobody may see; next to it there is a key of the same name and "File". */
    static Key<String> secret(String path, String meaning) {
        return new Key<>(
                path,
                variable(path),
                ValueType.text("1 to 512 printable ASCII characters", "[ -~]{1,512}"),
                Optional.empty(),
                meaning,
                true);
    }

    Key<T> from(String otherVariable) {
        return new Key<>(path, otherVariable, type, fallback, meaning, secret);
    }

    private static String variable(String path) {
        return PREFIX
                + path.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                        .replace('.', '_')
                        .toUpperCase(Locale.ROOT);
    }
}
