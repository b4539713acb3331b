package io.ferrymesh.cli;

import java.time.Duration;
import java.util.Locale;

/** Writes numbers the way people read them. */
final class Quantities {

    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private Quantities() {}

    /** Bytes in powers of 1,000, with three figures or so: {@code 42 B}, {@code 1.50 MB}. */
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        String form = unit == 0 || value >= 100 ? "%.0f %s" : value >= 10 ? "%.1f %s" : "%.2f %s";
        return String.format(Locale.ROOT, form, value, UNITS[unit]);
    }

    /** A whole number with thousands separated by commas. */
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A rate in MB/s; {@code -} for no time at all. */
    static String rate(long bytes, Duration time) {
        double seconds = time.toNanos() / 1e9;
        return seconds <= 0 ? "-" : String.format(Locale.ROOT, "%.1f MB/s", bytes / 1e6 / seconds);
    }

    /** Seconds with what precision makes sense: {@code 0.42 s}, {@code 12.3 s}. */
    static String seconds(Duration time) {
        return String.format(Locale.ROOT, time.toSeconds() < 10 ? "%.2f s" : "%.1f s", time.toNanos() / 1e9);
    }

    /** Milliseconds with one figure behind the point. */
    static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }
}
