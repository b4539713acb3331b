package io.ferrymesh.provider.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.provider.accounts.AccessTokens.Claims;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokensTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final String ISSUER = "https://cloud.example";
    private static final long NOW = 1_800_000_000;
    private static final Claims CLAIMS = new Claims(17, "AAAAAAAAAAAAAAAAAAAAAA", NOW, NOW + 300);
    private static final TestKeys KEYS = TestKeys.of("1");
    private static final JsonObject HEADER =
            new JsonObject().put("typ", "JWT").put("alg", "ES256").put("kid", "1");

    private final AccessTokens tokens = new AccessTokens(VERTX, KEYS, ISSUER, NOW);

    @AfterAll
    static void close() {
        VERTX.close().await();
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String encoded(JsonObject json) {
        return encoded(json.encode().getBytes(StandardCharsets.UTF_8));
    }

    private static JsonObject body() {
        return new JsonObject()
                .put("iss", ISSUER)
                .put("aud", new JsonArray().add(ISSUER))
                .put("sub", "17")
                .put("sid", CLAIMS.session())
                .put("iat", NOW)
                .put("exp", NOW + 300);
    }

    /** Signed with the provider's own key, whatever it says. */
    private static String signed(JsonObject header, JsonObject body) {
        return signed(encoded(header) + "." + encoded(body));
    }

    private static String signed(String content) {
        try {
            Signature ecdsa = Signature.getInstance("SHA256withECDSAinP1363Format");
            ecdsa.initSign(KEYS.all().get(0).privateKey());
            ecdsa.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + encoded(ecdsa.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void requireRefused(String token) {
        assertThat(tokens.verify(token, NOW)).as(token).isEmpty();
    }

    @Test
    void what_was_issued_is_verified() {
        String token = tokens.issue(CLAIMS);
        assertThat(tokens.verify(token, NOW)).hasValue(CLAIMS);
        assertThat(token.length()).isLessThan(AccessTokens.MOST_CHARACTERS);
        assertThat(tokens.verify(signed(HEADER, body()), NOW)).hasValue(CLAIMS);
    }

    @Test
    void it_is_good_until_it_expires_and_no_longer() {
        String token = tokens.issue(CLAIMS);
        assertThat(tokens.verify(token, NOW + 299)).isPresent();
        assertThat(tokens.verify(token, NOW + 300)).isEmpty();
        assertThat(tokens.verify(token, NOW - 60)).isPresent();
        assertThat(tokens.verify(token, NOW - 61)).isEmpty();
    }

    @Test
    void a_change_of_any_character_breaks_it() {
        String token = tokens.issue(CLAIMS);
        for (int i = 0; i < token.length(); i++) {
            char changed = token.charAt(i) == 'A' ? 'B' : 'A';
            requireRefused(token.substring(0, i) + changed + token.substring(i + 1));
            requireRefused(token.substring(0, i));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "", "HS256", "HS384", "RS256", "PS256", "ES384", "EdDSA", "es256"})
    void no_other_algorithm_is_taken(String algorithm) {
        JsonObject header = HEADER.copy().put("alg", algorithm);
        requireRefused(signed(header, body()));
        requireRefused(encoded(header) + "." + encoded(body()) + ".");
        requireRefused(encoded(header) + "." + encoded(body()));
    }

    @Test
    void the_public_key_is_no_secret_to_sign_with() throws Exception {
        JsonObject header = HEADER.copy().put("alg", "HS256");
        String content = encoded(header) + "." + encoded(body());
        byte[] der = KEYS.all().get(0).publicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----\n";
        byte[] point = KEYS.all().get(0).publicKey().getW().getAffineX().toByteArray();
        for (byte[] secret : List.of(der, pem.getBytes(StandardCharsets.US_ASCII), point)) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            requireRefused(content + "." + encoded(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII))));
        }
    }

    @Test
    void a_key_that_comes_with_the_token_is_not_used() throws Exception {
        TokenKey strangers = TestKeys.key("1");
        JsonObject jwk = new JsonObject()
                .put("kty", "EC")
                .put("crv", "P-256")
                .put("x", encoded(fixed(strangers.publicKey().getW().getAffineX())))
                .put("y", encoded(fixed(strangers.publicKey().getW().getAffineY())));
        for (JsonObject header : List.of(
                HEADER.copy().put("jwk", jwk),
                HEADER.copy().put("jku", "https://evil.example/keys"),
                HEADER.copy().put("x5u", "https://evil.example/chain"),
                HEADER.copy().put("x5c", new JsonArray().add("AAAA")),
                HEADER.copy())) {
            Signature ecdsa = Signature.getInstance("SHA256withECDSAinP1363Format");
            ecdsa.initSign(strangers.privateKey());
            String content = encoded(header) + "." + encoded(body());
            ecdsa.update(content.getBytes(StandardCharsets.US_ASCII));
            requireRefused(content + "." + encoded(ecdsa.sign()));
        }
    }

    private static byte[] fixed(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
        return fixed;
    }

    @Test
    void a_header_has_what_ours_has_and_nothing_else() {
        for (JsonObject header : List.of(
                HEADER.copy().put("crit", new JsonArray().add("b64")).put("b64", false),
                HEADER.copy().put("b64", true),
                HEADER.copy().put("zip", "DEF"),
                HEADER.copy().put("typ", "jwt"),
                HEADER.copy().put("kid", "2"),
                HEADER.copy().put("kid", 1),
                HEADER.copy().put("kid", "../../etc/passwd"),
                HEADER.copy().putNull("kid"),
                new JsonObject().put("alg", "ES256").put("kid", "1"),
                new JsonObject().put("typ", "JWT").put("alg", "ES256"),
                new JsonObject())) {
            requireRefused(signed(header, body()));
        }
    }

    @Test
    void an_empty_or_trivial_signature_is_none() {
        String content = encoded(HEADER) + "." + encoded(body());
        requireRefused(content + ".");
        requireRefused(content + "." + encoded(new byte[64]));
        requireRefused(content + "." + encoded(new byte[1]));
        requireRefused(content + "." + encoded(new byte[128]));
        byte[] ones = new byte[64];
        ones[31] = 1;
        ones[63] = 1;
        requireRefused(content + "." + encoded(ones));
    }

    @Test
    void claims_are_ours_or_nothing_even_under_our_signature() {
        for (JsonObject body : List.of(
                body().put("iss", "https://evil.example"),
                body().put("aud", new JsonArray().add("https://evil.example")),
                body().put("aud", new JsonArray().add(ISSUER).add("https://evil.example")),
                body().put("aud", ISSUER),
                body().put("sub", 17),
                body().put("sub", "-17"),
                body().put("sub", "0"),
                body().put("sub", "17 "),
                body().put("sub", "99999999999999999999"),
                body().put("sid", 4),
                body().putNull("sid"),
                body().put("exp", Long.toString(NOW + 300)),
                body().put("exp", NOW + 601),
                body().put("exp", 1e300),
                body().putNull("exp"),
                body().put("iat", NOW + 61),
                body().put("admin", true),
                new JsonObject())) {
            requireRefused(signed(HEADER, body));
        }
        JsonObject eternal = body();
        assertThat(eternal.remove("exp")).isNotNull();
        requireRefused(signed(HEADER, eternal));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a.b.c",
                "a.b.c.d",
                "AAAA.AAAA.AAAA",
                "Bearer x.y.z",
                "{}.{}.{}",
                "\u0000.\u0000.\u0000",
                "e30.e30.e30",
                "bnVsbA.bnVsbA.bnVsbA",
                "W10.W10.W10",
                "\ud800.\ud800.\ud800"
            })
    void what_is_no_token_is_refused(String token) {
        requireRefused(token);
    }

    @Test
    void a_token_of_any_length_costs_little() {
        requireRefused("A".repeat(10_000_000));
        requireRefused(encoded(HEADER) + "." + "A".repeat(2_000) + ".AAAA");
        requireRefused("W".repeat(900) + ".AAAA.AAAA");
        requireRefused(encoded("[".repeat(600).getBytes(StandardCharsets.US_ASCII)) + ".AAAA.AAAA");
    }

    @Test
    void another_providers_token_is_refused() {
        AccessTokens others = new AccessTokens(VERTX, TestKeys.of("1"), ISSUER, NOW);
        requireRefused(others.issue(CLAIMS));
        AccessTokens sameKey = new AccessTokens(VERTX, KEYS, "https://elsewhere.example", NOW);
        requireRefused(sameKey.issue(CLAIMS));
    }

    @Test
    void the_newest_key_signs_and_those_before_still_verify() {
        TokenKey next = TestKeys.key("2");
        TestKeys both = new TestKeys((byte) 7, List.of(KEYS.all().get(0), next));
        TestKeys announced = new TestKeys((byte) 7, List.of(next, KEYS.all().get(0)));
        AccessTokens rotated = new AccessTokens(VERTX, both, ISSUER, NOW);
        AccessTokens waiting = new AccessTokens(VERTX, announced, ISSUER, NOW);
        assertThat(rotated.verify(tokens.issue(CLAIMS), NOW)).hasValue(CLAIMS);
        assertThat(waiting.verify(rotated.issue(CLAIMS), NOW)).hasValue(CLAIMS);
        assertThat(tokens.verify(waiting.issue(CLAIMS), NOW)).hasValue(CLAIMS);
        assertThat(tokens.verify(rotated.issue(CLAIMS), NOW)).isEmpty();
        // A header cannot borrow another key's name.
        assertThat(rotated.verify(signed(HEADER.copy().put("kid", "2"), body()), NOW))
                .isEmpty();
    }

    @Test
    void keys_are_checked() {
        assertThatThrownBy(() -> new AccessTokens(VERTX, new TestKeys((byte) 7, List.of()), ISSUER, NOW))
                .hasMessage("there is no token key");
        assertThatThrownBy(() -> new AccessTokens(VERTX, TestKeys.of("1", "1"), ISSUER, NOW))
                .hasMessage("two token keys are called 1");
        assertThatThrownBy(() -> TestKeys.key("a b")).hasMessageContaining("1 to 32 letters");
        assertThat(KEYS.all().get(0).toString()).isEqualTo("TokenKey[1, ***]");
    }

    @Test
    void the_signature_is_what_the_standard_says() throws Exception {
        String token = tokens.issue(CLAIMS);
        int end = token.lastIndexOf('.');
        Signature ecdsa = Signature.getInstance("SHA256withECDSAinP1363Format");
        ecdsa.initVerify(KEYS.all().get(0).publicKey());
        ecdsa.update(token.substring(0, end).getBytes(StandardCharsets.US_ASCII));
        assertThat(ecdsa.verify(Base64.getUrlDecoder().decode(token.substring(end + 1))))
                .isTrue();
    }
}
