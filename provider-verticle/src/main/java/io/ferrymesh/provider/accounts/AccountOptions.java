package io.ferrymesh.provider.accounts;

import java.time.Duration;

/**
 * How accounts are kept. docs/accounts.md.
 *
 * @param issuer whose access tokens these are; the same in every process of a provider
 * @param registrationOpen whether anybody may register, or only the operator makes accounts
 * @param maxAccounts how many there can be, those that are being erased included
 * @param token how long an access token is good, 10 s to 10 min
 * @param sessionIdle after how long without a refresh a session ends
 * @param session how long a session lasts at the most
 * @param passwordCost of passwords set from now on, and of those that cost less at their next login
 * @param hashers how many passwords are hashed at once
 * @param knownNetworks whether the network that an owner has logged in from says something of whoever else comes from there;
 *     not where all clients seem to have one address
 */
public record AccountOptions(
        String issuer,
        boolean registrationOpen,
        long maxAccounts,
        Duration token,
        Duration sessionIdle,
        Duration session,
        Argon2Cost passwordCost,
        int hashers,
        boolean knownNetworks,
        PasskeyOptions passkeys) {

    private static final Duration SHORTEST_TOKEN = Duration.ofSeconds(10);
    private static final Duration LONGEST_TOKEN = Duration.ofMinutes(10);
    private static final Duration LONGEST_SESSION = Duration.ofDays(3_650);

    public AccountOptions {
        if (issuer.isBlank() || issuer.length() > 256) {
            throw new IllegalArgumentException("issuer is 1 to 256 characters: '" + issuer + "'");
        }
        if (maxAccounts < 1) {
            throw new IllegalArgumentException("maxAccounts must be > 0: " + maxAccounts);
        }
        if (token.compareTo(SHORTEST_TOKEN) < 0 || token.compareTo(LONGEST_TOKEN) > 0) {
            throw new IllegalArgumentException("token must be from 10 s to 10 min: " + token);
        }
        if (sessionIdle.compareTo(token) < 0 || sessionIdle.compareTo(session) > 0) {
            throw new IllegalArgumentException("sessionIdle must be from token to session: " + sessionIdle);
        }
        if (session.compareTo(LONGEST_SESSION) > 0) {
            throw new IllegalArgumentException("session must be at most 3650 days: " + session);
        }
        if (hashers < 1 || hashers > 64) {
            throw new IllegalArgumentException("hashers must be from 1 to 64: " + hashers);
        }
    }

    /** Open to everybody, with the default times and costs. */
    public static AccountOptions defaults(String issuer, PasskeyOptions passkeys) {
        return new AccountOptions(
                issuer,
                true,
                1_000_000,
                Duration.ofMinutes(5),
                Duration.ofDays(7),
                Duration.ofDays(30),
                Argon2Cost.DEFAULT,
                2,
                true,
                passkeys);
    }
}
