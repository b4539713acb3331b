package io.ferrymesh.provider;

import io.ferrymesh.scheme.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds who a bearer token belongs to. Immutable. */
final class Accounts {

    /** Longest token looked at, in characters. */
    static final int MAX_TOKEN_LENGTH = 256;

    private final List<UserAccount> accounts;

    /** Refuses two users of one name or with one token. */
    Accounts(List<UserAccount> users) {
        Set<String> seen = new HashSet<>();
        for (UserAccount user : users) {
            if (!seen.add("name " + user.name())) {
                throw new IllegalArgumentException("two users have the name " + user.name());
            }
            if (!seen.add("token " + user.tokenSha256())) {
                throw new IllegalArgumentException("user " + user.name() + " has the token of another user");
            }
        }
        accounts = List.copyOf(users);
    }

    /** Compares hashes, and every one of them, so the time taken tells nothing about any token. */
    Optional<UserAccount> byToken(String token) {
        if (token.isEmpty() || token.length() > MAX_TOKEN_LENGTH) {
            return Optional.empty();
        }
        byte[] hash = Digest.sha256(token.getBytes(StandardCharsets.UTF_8)).bytes();
        Optional<UserAccount> found = Optional.empty();
        for (UserAccount account : accounts) {
            if (MessageDigest.isEqual(account.tokenSha256().bytes(), hash)) {
                found = Optional.of(account);
            }
        }
        return found;
    }
}
