package io.ferrymesh.provider.accounts;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Access tokens: JWTs (RFC 7519) signed with ES256 and no other algorithm (RFC 8725 section 3.1). The header is read first and
 * strictly: it names one of our keys and has nothing else that could choose how the token is verified. There is a verifier for
 * each key, which knows that key alone. Any thread.
 */
final class AccessTokens {

    /** What a token says. Times are epoch seconds. */
    record Claims(long account, String session, long issuedAt, long expiresAt) {}

    static final int MOST_CHARACTERS = 1_024;

    private static final String ALGORITHM = "ES256";
    private static final String TYPE = "JWT";
    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)");
    private static final Pattern ACCOUNT = Pattern.compile("[1-9]\\d{0,18}");
    private static final Set<String> HEADER = Set.of("typ", "alg", "kid");
    private static final Set<String> CLAIMS = Set.of("iss", "aud", "sub", "sid", "iat", "exp");
    /** By how much the clocks of a provider's processes may differ. */
    private static final long SKEW_SECONDS = 60;

    private static final long LONGEST_SECONDS = 600;
    private static final int SCALAR_BYTES = 32;

    private final String issuer;
    private final AccountKeys keys;
    private final Map<String, JWTAuth> byKey = new HashMap<>();

    AccessTokens(Vertx vertx, AccountKeys keys, String issuer, long nowSeconds) {
        this.issuer = issuer;
        this.keys = keys;
        for (TokenKey key : keys.tokenKeys(nowSeconds)) {
            // Times are checked here, by the clock that was passed in.
            JWTAuthOptions options = new JWTAuthOptions()
                    .setJWTOptions(new JWTOptions().setAlgorithm(ALGORITHM).setIgnoreExpiration(true))
                    .addJwk(jwk(key));
            if (byKey.put(key.id(), JWTAuth.create(vertx, options)) != null) {
                throw new IllegalArgumentException("two token keys are called " + key.id());
            }
        }
        if (byKey.isEmpty()) {
            throw new IllegalArgumentException("there is no token key");
        }
    }

    private static JsonObject jwk(TokenKey key) {
        return new JsonObject()
                .put("kty", "EC")
                .put("crv", "P-256")
                .put("alg", ALGORITHM)
                .put("kid", key.id())
                .put("x", coordinate(key.publicKey().getW().getAffineX()))
                .put("y", coordinate(key.publicKey().getW().getAffineY()))
                .put("d", coordinate(key.privateKey().getS()));
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[SCALAR_BYTES];
        int length = Math.min(bytes.length, SCALAR_BYTES);
        System.arraycopy(bytes, bytes.length - length, fixed, SCALAR_BYTES - length, length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(fixed);
    }

    String issue(Claims claims) {
        List<TokenKey> all = keys.tokenKeys(claims.issuedAt());
        JWTAuth signer = byKey.get(all.get(all.size() - 1).id());
        if (signer == null) {
            throw new IllegalStateException("the token keys have changed since the accounts were opened");
        }
        JsonObject body = new JsonObject()
                .put("iss", issuer)
                .put("aud", new JsonArray().add(issuer))
                .put("sub", Long.toString(claims.account()))
                .put("sid", claims.session())
                .put("iat", claims.issuedAt())
                .put("exp", claims.expiresAt());
        return signer.generateToken(
                body, new JWTOptions().setAlgorithm(ALGORITHM).setNoTimestamp(true));
    }

    /** Empty unless it was signed here and is good now. */
    Optional<Claims> verify(String token, long nowSeconds) {
        if (token.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        Matcher parts = FORM.matcher(token);
        if (!parts.matches() || !isCanonical(parts.group(3))) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(byKey.get(keyOf(parts.group(1))))
                    .flatMap(verifier -> verified(verifier, token))
                    .flatMap(this::claims)
                    .filter(claims -> isGood(claims, nowSeconds));
        } catch (RuntimeException e) {
            // Whatever a parser says of what a stranger sent: it is no token of ours.
            return Optional.empty();
        }
    }

    /** Whether bits that mean nothing are 0, so that no token can be written in two ways. */
    private static boolean isCanonical(String base64) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(base64);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(base64);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The key that the header names, or "" if it is not a header of ours. */
    private static String keyOf(String header) {
        byte[] bytes = Base64.getUrlDecoder().decode(header);
        JsonObject json = new JsonObject(new String(bytes, StandardCharsets.UTF_8));
        boolean ours = json.fieldNames().equals(HEADER)
                && TYPE.equals(json.getValue("typ"))
                && ALGORITHM.equals(json.getValue("alg"));
        return ours && json.getValue("kid") instanceof String id ? id : "";
    }

    private static Optional<JsonObject> verified(JWTAuth verifier, String token) {
        Future<User> user = verifier.authenticate(new TokenCredentials(token));
        return user.succeeded() ? Optional.of(body(token)) : Optional.empty();
    }

    private static JsonObject body(String token) {
        String[] parts = token.split("\\.", -1);
        return new JsonObject(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
    }

    private Optional<Claims> claims(JsonObject body) {
        boolean ours = body.fieldNames().equals(CLAIMS)
                && issuer.equals(body.getValue("iss"))
                && body.getJsonArray("aud").getList().equals(Arrays.asList(issuer))
                && body.getValue("sub") instanceof String account
                && ACCOUNT.matcher(account).matches()
                && body.getValue("sid") instanceof String;
        if (!ours) {
            return Optional.empty();
        }
        return Optional.of(new Claims(
                Long.parseLong(body.getString("sub")),
                body.getString("sid"),
                body.getLong("iat"),
                body.getLong("exp")));
    }

    private static boolean isGood(Claims claims, long nowSeconds) {
        return claims.expiresAt() > nowSeconds
                && claims.issuedAt() <= nowSeconds + SKEW_SECONDS
                && claims.expiresAt() - claims.issuedAt() <= LONGEST_SECONDS;
    }
}
