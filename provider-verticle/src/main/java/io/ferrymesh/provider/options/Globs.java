package io.ferrymesh.provider.options;

import java.util.List;

/**
 * Whether text is a pattern that selects objects: {@code *} within a part of a path, {@code **} over parts, {@code ?}, {@code [a-z]},
 * {@code [!a-z]}, {@code {a,b}}, and a backslash before what stands for itself. What it fits is the engine's to say.
 */
final class Globs {

    /** Most characters of all patterns of a selection together. */
    static final int MOST_TOGETHER = 16_384;

    private static final int MOST = 100;
    private static final int MOST_CHARACTERS = 1_024;
    private static final int MOST_DEEP = 16;

    private final String name;
    private final String glob;
    private int at;

    private Globs(String name, String glob) {
        this.name = name;
        this.glob = glob;
    }

    /** Refuses too many, and one that cannot be meant, with its name and what would be right. */
    static List<String> require(String name, List<String> globs) {
        if (globs.size() > MOST) {
            throw new IllegalArgumentException(name + " must have at most " + MOST + " patterns: " + globs.size());
        }
        for (int i = 0; i < globs.size(); i++) {
            new Globs(name + "[" + i + "]", globs.get(i)).check();
        }
        return List.copyOf(globs);
    }

    private void check() {
        if (glob.isEmpty() || glob.length() > MOST_CHARACTERS || glob.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    name + " must have 1 to " + MOST_CHARACTERS + " characters and no NUL: " + glob.length());
        }
        int depth = 0;
        while (at < glob.length()) {
            switch (next()) {
                case '\\' -> {
                    int unused = escaped();
                }
                case '[' -> set();
                case '{' -> {
                    depth++;
                    require(depth <= MOST_DEEP, "{ } must not be more than " + MOST_DEEP + " deep");
                }
                case '}' -> depth = Math.max(0, depth - 1); // stands for itself where nothing is open
                default -> {} // stands for itself, or for others
            }
        }
        require(depth == 0, "{ needs a } after it");
    }

    private void set() {
        if (at < glob.length() && glob.charAt(at) == '!') {
            at++;
        }
        int members = 0;
        while (at < glob.length() && glob.charAt(at) != ']') {
            int from = member();
            boolean range = at + 1 < glob.length() && glob.charAt(at) == '-' && glob.charAt(at + 1) != ']';
            if (range) {
                at++;
                require(member() >= from, "a range in [ ] must not run backwards");
            }
            members++;
        }
        require(at < glob.length() && members > 0, "[ needs at least one character and a ] after it");
        at++;
    }

    private int member() {
        int symbol = next();
        return symbol == '\\' ? escaped() : symbol;
    }

    private int escaped() {
        require(at < glob.length(), "a backslash needs a character after it");
        return next();
    }

    private int next() {
        int symbol = glob.codePointAt(at);
        at += Character.charCount(symbol);
        return symbol;
    }

    private void require(boolean right, String what) {
        if (!right) {
            throw new IllegalArgumentException(name + " is no pattern: " + what);
        }
    }
}
