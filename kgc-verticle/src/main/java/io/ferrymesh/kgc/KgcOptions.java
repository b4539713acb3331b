package io.ferrymesh.kgc;

/**
 * How the key centre is set up. Refused when bad, with the key, the value and what would be right.
 *
 * @param validityStepSeconds validities begin and end on whole steps, so that none gives its holder away
 * @param maxValiditySeconds longest validity of a certificate
 * @param certificatesPerEpoch how many certificates a provider gets in one epoch
 * @param epochSeconds length of an epoch
 * @param tokenValiditySeconds how long an enrolment token can be used
 * @param maxProviders how many providers can enrol
 * @param announcementValiditySeconds how long parameters and a revocation list are good: how long a provider that cannot
 *     reach the key centre goes on
 * @param resignMs how often parameters and the revocation list are signed anew
 * @param maxConcurrentRequests issuance requests at work at once; more are OVERLOADED
 */
public record KgcOptions(
        long validityStepSeconds,
        long maxValiditySeconds,
        int certificatesPerEpoch,
        long epochSeconds,
        long tokenValiditySeconds,
        int maxProviders,
        long announcementValiditySeconds,
        long resignMs,
        int maxConcurrentRequests) {

    /** Checks every value. */
    public KgcOptions {
        check("validityStepSeconds", validityStepSeconds, 1, 86_400);
        check("maxValiditySeconds", maxValiditySeconds, validityStepSeconds, 31_622_400);
        check("certificatesPerEpoch", certificatesPerEpoch, 1, 1_000_000);
        check("epochSeconds", epochSeconds, 1, 31_622_400);
        check("tokenValiditySeconds", tokenValiditySeconds, 1, 31_622_400);
        check("maxProviders", maxProviders, 1, 1_000_000);
        check("announcementValiditySeconds", announcementValiditySeconds, 2, 86_400);
        check("resignMs", resignMs, 10, announcementValiditySeconds * 1_000 / 2);
        check("maxConcurrentRequests", maxConcurrentRequests, 1, 10_000);
        requireRevocable(certificatesPerEpoch, maxValiditySeconds, epochSeconds);
    }

    /** A provider that draws its quota for as long as certificates are valid must still fit half the revocation list. */
    private static void requireRevocable(long certificatesPerEpoch, long maxValiditySeconds, long epochSeconds) {
        long epochs = (maxValiditySeconds + epochSeconds - 1) / epochSeconds + 1;
        if (certificatesPerEpoch * epochs > Revocations.MAX_ENTRIES / 2) {
            throw new IllegalArgumentException(
                    "certificatesPerEpoch must be at most %d where %d epochs overlap, so that a provider can be revoked: %d"
                            .formatted(Revocations.MAX_ENTRIES / 2 / epochs, epochs, certificatesPerEpoch));
        }
    }

    /** An hour's steps, two days at most, 10,000 certificates a day, announcements good for a minute. */
    public static KgcOptions defaults() {
        return new KgcOptions(3_600, 172_800, 10_000, 86_400, 3_600, 1_000, 60, 5_000, 64);
    }

    private static void check(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(key + " must be from " + min + " to " + max + ": " + value);
        }
    }
}
