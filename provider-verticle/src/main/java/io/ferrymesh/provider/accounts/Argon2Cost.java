package io.ferrymesh.provider.accounts;

/**
 * What a guess at a password costs (Argon2id, RFC 9106), with one lane.
 *
 * @param memoryKib 8 to 1,048,576
 * @param iterations 1 to 10
 */
public record Argon2Cost(int memoryKib, int iterations) {

    /** What OWASP's password storage cheat sheet asks for at least. */
    public static final Argon2Cost DEFAULT = new Argon2Cost(47_104, 1);

    static final int LEAST_KIB = 8;
    private static final int MOST_KIB = 1 << 20;
    private static final int MOST_ITERATIONS = 10;

    public Argon2Cost {
        if (memoryKib < LEAST_KIB || memoryKib > MOST_KIB) {
            throw new IllegalArgumentException("Argon2's memory is 8 to 1048576 KiB: " + memoryKib);
        }
        if (iterations < 1 || iterations > MOST_ITERATIONS) {
            throw new IllegalArgumentException("Argon2's iterations are 1 to 10: " + iterations);
        }
    }

    /** KiB written, which the time goes by. */
    long work() {
        return (long) memoryKib * iterations;
    }
}
