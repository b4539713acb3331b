package io.ferrymesh.provider.config;

import java.util.List;

/** A configuration that cannot be used, with everything that is wrong: the key, where it was set, its value, what would be right. */
public final class ConfigException extends Exception {

    private final List<String> problems;

    ConfigException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** A line for each problem. No secret is in any of them. */
    public List<String> problems() {
        return problems;
    }
}
