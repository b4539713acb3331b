package io.ferrymesh.provider.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What was set, and where; and everything that is wrong with it, which is told at once. Not for several threads. */
final class Settings {

    private static final long MAX_SECRET_BYTES = 4_096;

    /**
     * A value as it was written.
     *
     * @param source where, for a person
     */
    record Setting(String text, String source) {}

    private final Map<String, Setting> set;
    private final Set<String> problems;

    private Settings(Map<String, Setting> set, Set<String> problems) {
        this.set = set;
        this.problems = problems;
    }

    /** Reads the file, if there is one, and the environment over it. */
    static Settings read(Optional<Path> file, Map<String, String> environment) throws ConfigException {
        List<String> problems = new ArrayList<>();
        Map<String, Setting> set = new LinkedHashMap<>();
        if (file.isPresent()) {
            set.putAll(YamlFile.read(file.get(), problems));
        }
        set.putAll(Environment.read(environment, problems));
        return new Settings(set, new LinkedHashSet<>(problems));
    }

    Optional<Setting> of(Key<?> key) {
        return Optional.ofNullable(set.get(key.path()));
    }

    /** Its value or its default; empty when there is neither, or it is wrong. */
    <T> Optional<T> optional(Key<T> key) {
        Optional<String> text = of(key).map(Setting::text).or(key::fallback);
        try {
            return text.map(key.type().read());
        } catch (IllegalArgumentException e) {
            wrong(key, "must be " + key.type().right());
            return Optional.empty();
        }
    }

    /** The same of a key that must be set, if it has no default. Empty when that is a problem. */
    <T> Optional<T> required(Key<T> key) {
        if (of(key).isEmpty() && key.fallback().isEmpty()) {
            problems.add(key.path() + " must be set: " + key.meaning() + "; "
                    + key.type().right());
            return Optional.empty();
        }
        return optional(key);
    }

    /** A secret from the environment, or a file's only line. */
    Optional<String> secret(Key<String> key, Key<Path> fileKey) {
        if (of(key).isPresent() && of(fileKey).isPresent()) {
            wrong(fileKey, "must not be set together with " + key.variable());
        }
        Optional<String> direct = optional(key);
        if (direct.isPresent()) {
            return direct;
        }
        return optional(fileKey).flatMap(file -> line(key, fileKey, file));
    }

    private Optional<String> line(Key<String> key, Key<Path> fileKey, Path file) {
        try {
            if (Files.size(file) > MAX_SECRET_BYTES) {
                wrong(fileKey, "must be a file of at most " + MAX_SECRET_BYTES + " bytes");
                return Optional.empty();
            }
            String line = Files.readString(file, StandardCharsets.UTF_8).strip();
            return Optional.of(key.type().read().apply(line));
        } catch (IOException e) {
            wrong(fileKey, "must be a file that can be read");
        } catch (IllegalArgumentException e) {
            wrong(fileKey, "must be a file with one line: " + key.type().right());
        }
        return Optional.empty();
    }

    /** Notes that a key's value does not do. */
    void wrong(Key<?> key, String rule) {
        Optional<Setting> setting = of(key);
        String shown = key.secret()
                ? "***"
                : setting.map(Setting::text).or(key::fallback).orElse("not set");
        String where = setting.map(at -> " (" + at.source() + ")").orElse("");
        problems.add(key.path() + " " + rule + ": " + shown + where);
    }

    /** Ends here if anything was wrong. */
    void requireNoProblem() throws ConfigException {
        if (!problems.isEmpty()) {
            throw new ConfigException(List.copyOf(problems));
        }
    }
}
