package io.ferrymesh.migration;

import java.util.ArrayList;
import java.util.List;

/** Reads a pattern once from left to right. */
final class GlobParser {

    /** Braces within braces. */
    private static final int MAX_DEPTH = 16;

    private final String pattern;
    private final GlobProgram program = new GlobProgram();
    private int at;
    private int depth;

    /** Whether a part of the path starts here, whatever came before. */
    private boolean partStarts = true;

    GlobParser(String pattern) {
        this.pattern = pattern;
    }

    GlobProgram parse() {
        sequence();
        program.finish();
        return program;
    }

    /** Everything up to the end, or to what ends an alternative. */
    private void sequence() {
        while (at < pattern.length()) {
            int symbol = pattern.codePointAt(at);
            if (depth > 0 && (symbol == ',' || symbol == '}')) {
                return;
            }
            at += Character.charCount(symbol);
            switch (symbol) {
                case '*' -> stars();
                case '?' -> one(GlobParser::withinPart);
                case '[' -> one(set());
                case '{' -> alternatives();
                case '\\' -> literal(escaped());
                default -> literal(symbol);
            }
        }
    }

    private static boolean withinPart(int symbol) {
        return symbol != '/';
    }

    private void literal(int symbol) {
        program.read(read -> read == symbol);
        partStarts = symbol == '/';
    }

    private void one(GlobProgram.Symbol symbol) {
        program.read(symbol);
        partStarts = false;
    }

    private void stars() {
        int start = at - 1;
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        boolean across = at - start > 1;
        if (across && partStarts && at < pattern.length() && pattern.charAt(at) == '/') {
            at++;
            int skip = program.branch();
            repeat(symbol -> true);
            program.read(symbol -> symbol == '/');
            program.lead(skip, skip + 1, program.length());
            return;
        }
        repeat(across ? symbol -> true : GlobParser::withinPart);
        partStarts = false;
    }

    private void repeat(GlobProgram.Symbol symbol) {
        int loop = program.branch();
        program.read(symbol);
        int back = program.branch();
        program.lead(back, loop, loop);
        program.lead(loop, loop + 1, program.length());
    }

    private void alternatives() {
        int open = at - 1;
        boolean started = partStarts;
        boolean mayStart = false;
        List<Integer> ends = new ArrayList<>();
        if (++depth > MAX_DEPTH) {
            throw wrong("has more than " + MAX_DEPTH + " braces within each other", open);
        }
        boolean last = false;
        while (!last) {
            int branch = program.branch();
            partStarts = started;
            sequence();
            if (at == pattern.length()) {
                throw wrong("has an open brace", open);
            }
            last = pattern.charAt(at++) == '}';
            mayStart |= partStarts;
            ends.add(program.branch());
            program.lead(branch, branch + 1, last ? branch + 1 : program.length());
        }
        depth--;
        partStarts = mayStart;
        ends.forEach(end -> program.lead(end, program.length(), program.length()));
    }

    private int escaped() {
        if (at == pattern.length()) {
            throw wrong("ends in a backslash", at - 1);
        }
        int symbol = pattern.codePointAt(at);
        at += Character.charCount(symbol);
        return symbol;
    }

    private GlobProgram.Symbol set() {
        int open = at - 1;
        boolean not = at < pattern.length() && pattern.charAt(at) == '!';
        at += not ? 1 : 0;
        List<int[]> ranges = new ArrayList<>();
        while (at < pattern.length() && pattern.charAt(at) != ']') {
            int from = member();
            int to = from;
            if (at + 1 < pattern.length() && pattern.charAt(at) == '-' && pattern.charAt(at + 1) != ']') {
                at++;
                to = member();
            }
            if (to < from) {
                throw wrong("has a range that runs backwards", open);
            }
            ranges.add(new int[] {from, to});
        }
        if (at == pattern.length() || ranges.isEmpty()) {
            throw wrong("has an open or empty set", open);
        }
        at++;
        return symbol -> symbol != '/' && not != contains(ranges, symbol);
    }

    private int member() {
        int symbol = pattern.codePointAt(at);
        at += Character.charCount(symbol);
        return symbol == '\\' ? escaped() : symbol;
    }

    private static boolean contains(List<int[]> ranges, int symbol) {
        for (int[] range : ranges) {
            if (range[0] <= symbol && symbol <= range[1]) {
                return true;
            }
        }
        return false;
    }

    private IllegalArgumentException wrong(String what, int position) {
        return new IllegalArgumentException("the pattern " + pattern + " " + what + " at character " + (position + 1));
    }
}
