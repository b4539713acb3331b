package io.ferrymesh.migration;

import java.util.Arrays;

/**
 * A pattern for whole paths, matched in time that grows with the path's length times the pattern's, whatever the two are.
 * {@code *} stands for anything within one part of a path, {@code **} for anything, {@code **}{@code /} at the start of a part
 * for any number of whole directories, none included, {@code ?} for one character but the slash, {@code [a-z]} and
 * {@code [!a-z]} for one of a set or none of it, {@code {a,b}} for either; a backslash takes the meaning from what follows.
 * Characters are Unicode code points as they are: case counts, and nothing is normalised.
 */
public final class Glob {

    /** Longest pattern in characters. */
    public static final int MAX_CHARS = 1_024;

    private final String pattern;
    private final GlobProgram program;

    private Glob(String pattern, GlobProgram program) {
        this.pattern = pattern;
        this.program = program;
    }

    /**
     * A pattern from text.
     *
     * @throws IllegalArgumentException naming what is wrong with it
     */
    public static Glob of(String pattern) {
        if (pattern.isEmpty() || pattern.length() > MAX_CHARS) {
            throw new IllegalArgumentException(
                    "a pattern has 1 to " + MAX_CHARS + " characters, not " + pattern.length());
        }
        return new Glob(pattern, new GlobParser(pattern).parse());
    }

    /** Whether it is a pattern of all of this path. */
    public boolean matches(String path) {
        return new Walk(program).matches(path);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Glob glob && glob.pattern.equals(pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    /** The pattern as it was given. */
    @Override
    public String toString() {
        return pattern;
    }

    /** All the places in the program that the path read so far can lead to. */
    private static final class Walk {

        private final GlobProgram program;
        private final int[] reachedAt;
        private final int[] branches;
        private int[] here;
        private int[] next;
        private int nextCount;
        private int step;

        Walk(GlobProgram program) {
            this.program = program;
            this.reachedAt = new int[program.length()];
            this.branches = new int[program.length()];
            this.here = new int[program.length()];
            this.next = new int[program.length()];
            Arrays.fill(reachedAt, -1);
        }

        boolean matches(String path) {
            reach(0);
            int at = 0;
            while (at < path.length() && nextCount > 0) {
                int symbol = path.codePointAt(at);
                at += Character.charCount(symbol);
                advance(symbol);
            }
            return at == path.length() && reachedAt[program.end()] == step;
        }

        private void advance(int symbol) {
            int count = nextCount;
            int[] from = next;
            next = here;
            here = from;
            nextCount = 0;
            step++;
            for (int i = 0; i < count; i++) {
                if (program.takes(here[i], symbol)) {
                    reach(here[i] + 1);
                }
            }
        }

        /** Enters a place and all that follow from it without reading, each once a step. */
        private void reach(int place) {
            int open = push(place, 0);
            while (open > 0) {
                int each = branches[--open];
                if (program.branches(each)) {
                    open = push(program.first(each), open);
                    open = push(program.second(each), open);
                } else {
                    next[nextCount++] = each;
                }
            }
        }

        private int push(int place, int open) {
            if (reachedAt[place] == step) {
                return open;
            }
            reachedAt[place] = step;
            branches[open] = place;
            return open + 1;
        }
    }
}
