package io.ferrymesh.migration;

/** Sums of sizes that somebody else names: they grow to the largest number and no further. */
final class Sums {

    private Sums() {}

    /** Of two numbers from 0. */
    static long add(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** What is left of the one without the other, at least 0. */
    static long less(long one, long other) {
        return Math.max(0, one - other);
    }
}
