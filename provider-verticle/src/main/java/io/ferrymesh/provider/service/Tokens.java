package io.ferrymesh.provider.service;

import java.util.Optional;

/**
 * What logging in gives. Prints without the tokens.
 *
 * @param access a signed JWT, for {@code Authorization: Bearer}
 * @param expiresInSeconds how long the access token is good
 * @param refresh good once, for the next pair; using it twice ends the session
 * @param device what the client shows when it logs in with a password again; empty where none was given
 */
public record Tokens(
        Account account,
        String sessionId,
        String access,
        long expiresInSeconds,
        String refresh,
        Optional<String> device) {

    /** Without one for the device. */
    public Tokens(Account account, String sessionId, String access, long expiresInSeconds, String refresh) {
        this(account, sessionId, access, expiresInSeconds, refresh, Optional.empty());
    }

    /** The same with one for the device. */
    public Tokens withDevice(String token) {
        return new Tokens(account, sessionId, access, expiresInSeconds, refresh, Optional.of(token));
    }

    @Override
    public String toString() {
        return "Tokens[" + account + ", " + sessionId + "]";
    }
}
