package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Which objects are fetched: those that every part of this lets through.
 *
 * @param prefix what their paths start with; empty for all
 * @param include patterns of which one fits the path; none at all lets every path through
 * @param exclude patterns of which none fits the path
 * @param minBytes the smallest size
 * @param maxBytes the largest size
 * @param modifiedFrom the earliest time of the last modification
 * @param modifiedUntil the time of the last modification is before this
 */
public record Selection(
        String prefix,
        List<Glob> include,
        List<Glob> exclude,
        OptionalLong minBytes,
        OptionalLong maxBytes,
        Optional<Instant> modifiedFrom,
        Optional<Instant> modifiedUntil) {

    /** Most patterns of either kind. */
    public static final int MAX_PATTERNS = 100;

    /** Most characters of all patterns together: what one entry of a listing may cost at the most. */
    public static final int MAX_PATTERN_CHARS = 16_384;

    /** Everything. */
    public static final Selection ALL = new Selection(
            "", List.of(), List.of(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());

    /** Refuses, by {@link IllegalArgumentException}, what is over its bounds or lets nothing through. */
    public Selection {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        require(prefix.length() <= ObjectPath.MAX_BYTES, "prefix has at most 4000 characters", prefix.length());
        require(include.size() <= MAX_PATTERNS, "include has at most 100 patterns", include.size());
        require(exclude.size() <= MAX_PATTERNS, "exclude has at most 100 patterns", exclude.size());
        int chars = Stream.concat(include.stream(), exclude.stream())
                .mapToInt(glob -> glob.toString().length())
                .sum();
        require(chars <= MAX_PATTERN_CHARS, "all patterns together have at most 16384 characters", chars);
        require(minBytes.orElse(0) >= 0, "minBytes must be >= 0", minBytes.orElse(0));
        require(
                maxBytes.orElse(Long.MAX_VALUE) >= minBytes.orElse(0),
                "maxBytes must be >= minBytes",
                maxBytes.orElse(0));
        if (modifiedFrom.isPresent()
                && modifiedUntil.isPresent()
                && !modifiedFrom.get().isBefore(modifiedUntil.get())) {
            throw new IllegalArgumentException(
                    "modifiedFrom must be before modifiedUntil: " + modifiedFrom.get() + " and " + modifiedUntil.get());
        }
    }

    /** Whether an object is fetched. */
    public boolean takes(ObjectInfo info) {
        return info.size() >= minBytes.orElse(0)
                && info.size() <= maxBytes.orElse(Long.MAX_VALUE)
                && (modifiedFrom.isEmpty() || !info.modified().isBefore(modifiedFrom.get()))
                && (modifiedUntil.isEmpty() || info.modified().isBefore(modifiedUntil.get()))
                && takes(info.path().toString());
    }

    /** Whether something by this name would be, as far as its name says. */
    boolean takes(String name) {
        return name.startsWith(prefix)
                && (include.isEmpty() || include.stream().anyMatch(glob -> glob.matches(name)))
                && exclude.stream().noneMatch(glob -> glob.matches(name));
    }

    /**
     * Whether it, or something below it, may be selected, when nothing but its name is known: it may be a directory, and what it
     * has in it nobody knows. One that is excluded by its own name, or is excluded as a directory, is not.
     */
    boolean mayTakeBelow(String name) {
        String below = name.isEmpty() || name.endsWith("/") ? name : name + "/";
        return (below.startsWith(prefix) || prefix.startsWith(below))
                && exclude.stream().noneMatch(glob -> glob.matches(name) || glob.matches(below));
    }

    private static void require(boolean ok, String rule, long value) {
        if (!ok) {
            throw new IllegalArgumentException(rule + ": " + value);
        }
    }
}
