package io.ferrymesh.scheme;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;

/** Randomness that is the same in every run. */
final class Seeded {

    private Seeded() {}

    static SecureRandom random(long seed) {
        try {
            SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
            random.setSeed(seed);
            return random;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
