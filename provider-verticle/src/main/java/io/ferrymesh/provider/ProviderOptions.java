package io.ferrymesh.provider;

import io.ferrymesh.scheme.Digest;
import java.util.List;

/**
 * How a provider is set up.
 *
 * @param kgcFingerprint SHA-256 of one of the key centre's public keys, current or announced: the only root of trust
 * @param httpHost a loopback address, because the API does not speak TLS yet
 * @param httpPort 0 lets the system choose
 * @param poolSize credentials to have in stock, for key agreement and for signing; a migration spends one of each
 * @param lowWater when fewer are left, more are fetched
 * @param certificateValiditySeconds how long the certificates asked for are valid
 * @param expiryMarginSeconds a credential that expires within this time is not handed out any more
 * @param revocationRefreshMs how often a bulletin is asked for
 * @param revocationMaxAgeSeconds how old the newest bulletin may be before nobody is trusted
 * @param trustRefreshMs how often the key centre is asked which keys it has
 * @param successorSpreadSeconds within how long after a new key was announced the first credentials under it are asked for
 * @param startWaitSeconds how long a start waits for a key centre that does not answer
 * @param maxLivePerUser grants, and migrations, a user may have that have not ended
 * @param maxStartsPerUserHour grants and migrations a user may begin in an hour, further attempts at failed ones included
 * @param maxConnections HTTP connections at once
 */
public record ProviderOptions(
        Digest kgcFingerprint,
        String httpHost,
        int httpPort,
        List<UserAccount> users,
        int poolSize,
        int lowWater,
        long certificateValiditySeconds,
        long expiryMarginSeconds,
        long revocationRefreshMs,
        long revocationMaxAgeSeconds,
        long trustRefreshMs,
        long successorSpreadSeconds,
        long startWaitSeconds,
        int maxLivePerUser,
        int maxStartsPerUserHour,
        int maxConnections) {

    /** Refuses what cannot work, with the key, the value and what would be right. */
    public ProviderOptions {
        users = List.copyOf(users);
        check("httpPort", httpPort, 0, 65_535);
        check("poolSize", poolSize, 1, 10_000);
        check("lowWater", lowWater, 0, poolSize - 1L);
        check("certificateValiditySeconds", certificateValiditySeconds, 60, 31_622_400);
        check("expiryMarginSeconds", expiryMarginSeconds, 0, certificateValiditySeconds / 2);
        check("revocationRefreshMs", revocationRefreshMs, 10, 3_600_000);
        check("revocationMaxAgeSeconds", revocationMaxAgeSeconds, 5, 86_400);
        check("trustRefreshMs", trustRefreshMs, 10, 3_600_000);
        check("successorSpreadSeconds", successorSpreadSeconds, 0, 86_400);
        check("startWaitSeconds", startWaitSeconds, 0, 240);
        check("maxLivePerUser", maxLivePerUser, 1, 1_000_000);
        check("maxStartsPerUserHour", maxStartsPerUserHour, 1, 1_000_000);
        check("maxConnections", maxConnections, 1, 100_000);
        LoopbackOnly.check(httpHost);
    }

    /** The defaults: 127.0.0.1, 32 credentials valid for a day, a bulletin every two seconds. */
    public static ProviderOptions of(Digest kgcFingerprint, int httpPort, List<UserAccount> users) {
        return new ProviderOptions(
                kgcFingerprint,
                "127.0.0.1",
                httpPort,
                users,
                32,
                8,
                86_400,
                43_200,
                2_000,
                60,
                10_000,
                300,
                60,
                1_000,
                120,
                1_024);
    }

    private static void check(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(key + " must be from " + min + " to " + max + ": " + value);
        }
    }
}
