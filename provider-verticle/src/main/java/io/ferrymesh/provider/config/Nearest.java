package io.ferrymesh.provider.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds what somebody may have meant. */
final class Nearest {

    private Nearest() {}

    /** A question to append to a message; empty when nothing comes near. */
    static String hint(String written, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(each -> distance(written, each)))
                .filter(best -> distance(written, best) <= Math.max(2, written.length() / 3))
                .map(best -> "; did you mean " + best + "?")
                .orElse("");
    }

    /** How many letters have to be changed, put in or left out. */
    private static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
