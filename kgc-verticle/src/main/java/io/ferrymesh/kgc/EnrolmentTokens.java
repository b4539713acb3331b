package io.ferrymesh.kgc;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one-time tokens that are out, by their SHA-256: the tokens themselves are kept nowhere. A look-up by hash takes a time
 * that depends on the hash, which nobody can choose to learn anything about a token. Guarded by {@link KgcRegistry}.
 */
final class EnrolmentTokens {

    /** Most tokens that are out at once. */
    static final int MAX_TOKENS = 10_000;

    private record Token(String providerName, Instant expiresAt) {}

    private final Map<Digest, Token> unspent = new HashMap<>();

    /** Notes a token for the provider of that name. */
    void add(Digest tokenSha256, String providerName, Instant expiresAt, Instant now) {
        unspent.values().removeIf(token -> !now.isBefore(token.expiresAt));
        if (unspent.size() >= MAX_TOKENS) {
            throw new MeshException(ErrorCode.OVERLOADED, "there are " + MAX_TOKENS + " unspent enrolment tokens");
        }
        unspent.put(tokenSha256, new Token(providerName, expiresAt));
    }

    /** Takes a token that is out and not expired; it is then spent. Returns the provider's name. */
    String spend(Digest tokenSha256, Instant now) {
        @Nullable Token token = unspent.remove(tokenSha256);
        if (token == null) {
            throw new MeshException(ErrorCode.NOT_ENROLLED, "the enrolment token is unknown or spent");
        }
        if (!now.isBefore(token.expiresAt)) {
            throw new MeshException(
                    ErrorCode.NOT_ENROLLED, "the enrolment token of " + token.providerName + " has expired");
        }
        return token.providerName;
    }
}
