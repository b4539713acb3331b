package io.ferrymesh.provider.options;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Which of the objects that may leave are moved. What is not selected is neither moved nor a failure.
 *
 * @param prefix what paths start with; empty for all
 * @param include patterns of which one must fit; none for all
 * @param exclude patterns of which none may fit
 * @param minBytes and {@code maxBytes}: sizes, both included
 * @param modifiedFrom and {@code modifiedUntil}: when it was changed last, the first included and the second not
 */
public record Selection(
        String prefix,
        List<String> include,
        List<String> exclude,
        OptionalLong minBytes,
        OptionalLong maxBytes,
        Optional<Instant> modifiedFrom,
        Optional<Instant> modifiedUntil) {

    /** Everything. */
    public static final Selection ALL = new Selection(
            "", List.of(), List.of(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());

    private static final int MOST_PREFIX_CHARACTERS = 4_000;

    /** Refuses what cannot be meant. */
    public Selection {
        if (prefix.length() > MOST_PREFIX_CHARACTERS || prefix.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("selection.prefix must have at most " + MOST_PREFIX_CHARACTERS
                    + " characters and no NUL: " + prefix.length());
        }
        include = Globs.require("selection.include", include);
        exclude = Globs.require("selection.exclude", exclude);
        int together = Stream.concat(include.stream(), exclude.stream())
                .mapToInt(String::length)
                .sum();
        if (together > Globs.MOST_TOGETHER) {
            throw new IllegalArgumentException("selection.include and selection.exclude must have at most "
                    + Globs.MOST_TOGETHER + " characters together: " + together);
        }
        notNegative("selection.minBytes", minBytes);
        notNegative("selection.maxBytes", maxBytes);
        if (minBytes.isPresent() && maxBytes.isPresent() && minBytes.getAsLong() > maxBytes.getAsLong()) {
            throw new IllegalArgumentException("selection.maxBytes must be at least selection.minBytes, "
                    + minBytes.getAsLong() + ": " + maxBytes.getAsLong());
        }
        if (modifiedFrom.isPresent()
                && modifiedUntil.isPresent()
                && !modifiedFrom.get().isBefore(modifiedUntil.get())) {
            throw new IllegalArgumentException("selection.modifiedUntil must be after selection.modifiedFrom, "
                    + modifiedFrom.get() + ": " + modifiedUntil.get());
        }
    }

    private static void notNegative(String name, OptionalLong bytes) {
        if (bytes.isPresent() && bytes.getAsLong() < 0) {
            throw new IllegalArgumentException(name + " must be >= 0: " + bytes.getAsLong());
        }
    }
}
