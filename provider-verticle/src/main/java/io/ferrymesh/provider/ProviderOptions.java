package io.ferrymesh.provider;

import io.ferrymesh.scheme.Digest;

/**
 * How a provider deals with the key centre.
 *
 * @param kgcFingerprint SHA-256 of one of the key centre's public keys, current or announced: the only root of trust
 * @param poolSize credentials to have in stock, for key agreement and for signing; a migration spends one of each
 * @param lowWater when fewer are left, more are fetched
 * @param certificateValiditySeconds how long the certificates asked for are valid
 * @param expiryMarginSeconds a credential that expires within this time is not handed out any more
 * @param revocationRefreshMs how often a bulletin is asked for
 * @param revocationMaxAgeSeconds how old the newest bulletin may be before nobody is trusted
 * @param trustRefreshMs how often the key centre is asked which keys it has
 * @param successorSpreadSeconds within how long after a new key was announced the first credentials under it are asked for
 * @param startWaitSeconds how long a start waits for a key centre that does not answer
 */
public record ProviderOptions(
        Digest kgcFingerprint,
        int poolSize,
        int lowWater,
        long certificateValiditySeconds,
        long expiryMarginSeconds,
        long revocationRefreshMs,
        long revocationMaxAgeSeconds,
        long trustRefreshMs,
        long successorSpreadSeconds,
        long startWaitSeconds) {

    /** Refuses what cannot work, with the key, the value and what would be right. */
    public ProviderOptions {
        check("poolSize", poolSize, 1, 10_000);
        check("lowWater", lowWater, 0, poolSize - 1L);
        check("certificateValiditySeconds", certificateValiditySeconds, 60, 31_622_400);
        check("expiryMarginSeconds", expiryMarginSeconds, 0, certificateValiditySeconds / 2);
        check("revocationRefreshMs", revocationRefreshMs, 10, 3_600_000);
        check("revocationMaxAgeSeconds", revocationMaxAgeSeconds, 5, 86_400);
        check("trustRefreshMs", trustRefreshMs, 10, 3_600_000);
        check("successorSpreadSeconds", successorSpreadSeconds, 0, 86_400);
        check("startWaitSeconds", startWaitSeconds, 0, 240);
    }

    /** The defaults: 32 credentials valid for a day, a bulletin every two seconds. */
    public static ProviderOptions of(Digest kgcFingerprint) {
        return new ProviderOptions(kgcFingerprint, 32, 8, 86_400, 43_200, 2_000, 60, 10_000, 300, 60);
    }

    private static void check(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(key + " must be from " + min + " to " + max + ": " + value);
        }
    }
}
