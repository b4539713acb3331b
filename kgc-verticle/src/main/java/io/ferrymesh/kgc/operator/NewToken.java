package io.ferrymesh.kgc.operator;

import java.time.Instant;

/**
 * A one-time enrolment token, shown this once: only its hash is kept.
 *
 * @param token 64 hex digits
 */
public record NewToken(long provider, String token, Instant expiresAt) {

    @Override
    public String toString() {
        return "NewToken[" + provider + ", ***, " + expiresAt + "]";
    }
}
