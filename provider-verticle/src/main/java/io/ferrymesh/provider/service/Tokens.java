package io.ferrymesh.provider.service;

/**
 * What logging in gives. Prints without the tokens.
 *
 * @param access a signed JWT, for {@code Authorization: Bearer}
 * @param expiresInSeconds how long the access token is good
 * @param refresh good once, for the next pair; using it twice ends the session
 */
public record Tokens(Account account, String sessionId, String access, long expiresInSeconds, String refresh) {

    @Override
    public String toString() {
        return "Tokens[" + account + ", " + sessionId + "]";
    }
}
