package io.ferrymesh.provider.accounts;

import static io.ferrymesh.provider.accounts.Provider.HOME;
import static io.ferrymesh.provider.accounts.Provider.PASSWORD;
import static io.ferrymesh.provider.accounts.Provider.refusal;
import static io.ferrymesh.provider.accounts.Provider.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.PasskeyChallenge;
import io.ferrymesh.provider.service.PasskeyInfo;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.SessionInfo;
import io.ferrymesh.provider.service.Tokens;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@OnEachDatabase
class PasskeysTest {

    private final Provider provider;
    private final SoftAuthenticator phone = new SoftAuthenticator();

    PasskeysTest(TestDatabase databases) {
        this.provider = new Provider(databases.fresh(ProviderDatabase.MIGRATIONS));
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private Tokens register(String name, SoftAuthenticator authenticator) {
        PasskeyChallenge challenge = provider.accounts.beginPasskeyRegistration(name, HOME);
        return provider.accounts.registerWithPasskey(
                challenge.id(), "phone", authenticator.create(challenge.optionsJson()), HOME);
    }

    private PasskeyInfo add(Tokens tokens, SoftAuthenticator authenticator) {
        return add(tokens, PASSWORD, authenticator);
    }

    private PasskeyInfo add(Tokens tokens, String password, SoftAuthenticator authenticator) {
        Authenticated who = provider.who(tokens);
        PasskeyChallenge challenge = begin(who, password);
        return provider.accounts.addPasskey(
                who, challenge.id(), " my key ", authenticator.create(challenge.optionsJson()));
    }

    private PasskeyChallenge begin(Authenticated who, String password) {
        return provider.accounts.beginPasskey(who, utf8(password), HOME);
    }

    private PasskeyChallenge beginLogin() {
        return provider.accounts.beginPasskeyLogin(Optional.empty(), HOME);
    }

    private Tokens login(SoftAuthenticator authenticator) {
        PasskeyChallenge challenge = beginLogin();
        return provider.accounts.loginWithPasskey(challenge.id(), authenticator.get(challenge.optionsJson()), HOME);
    }

    @Test
    void an_account_is_registered_with_a_passkey_and_logs_in_with_it() {
        Tokens registered = register("ada", phone);
        Tokens later = login(phone);
        assertThat(later.account()).isEqualTo(registered.account());
        assertThat(provider.accounts.sessions(later.account()))
                .extracting(SessionInfo::method)
                .containsOnly("passkey");
        PasskeyInfo passkey = provider.accounts.passkeys(later.account()).get(0);
        assertThat(passkey.id()).isEqualTo(phone.id());
        assertThat(passkey.label()).isEqualTo("phone");
        assertThat(passkey.lastUsedAt()).hasValue(provider.clock.instant());
    }

    @Test
    void an_account_with_a_password_takes_passkeys_too() {
        Tokens tokens = provider.register("ada");
        assertThat(add(tokens, phone).label()).isEqualTo("my key");
        assertThat(add(tokens, new SoftAuthenticator()).lastUsedAt()).isEmpty();
        assertThat(login(phone).account()).isEqualTo(tokens.account());
        assertThat(provider.login("ada", PASSWORD).account()).isEqualTo(tokens.account());
        assertThat(provider.accounts.passkeys(tokens.account())).hasSize(2);
    }

    @Test
    void options_ask_for_a_verified_user_and_a_discoverable_passkey_and_no_attestation() {
        PasskeyChallenge challenge = provider.accounts.beginPasskeyRegistration("Ada", HOME);
        JsonObject options = new JsonObject(challenge.optionsJson());
        assertThat(challenge.id()).matches("[A-Za-z0-9_-]{1,128}");
        assertThat(options.getJsonObject("rp").getString("id")).isEqualTo("cloud.example");
        assertThat(options.getJsonObject("user").getString("name")).isEqualTo("ada");
        assertThat(options.getString("attestation")).isEqualTo("none");
        assertThat(options.getJsonObject("authenticatorSelection").getString("userVerification"))
                .isEqualTo("required");
        assertThat(options.getJsonObject("authenticatorSelection").getString("residentKey"))
                .isEqualTo("required");
        Tokens tokens = provider.register("bob");
        PasskeyInfo first = add(tokens, phone);
        JsonObject more = new JsonObject(begin(provider.who(tokens), PASSWORD).optionsJson());
        assertThat(more.getJsonArray("excludeCredentials").getJsonObject(0).getString("id"))
                .isEqualTo(first.id());
    }

    @Test
    void longest_names_make_ids_that_are_not_too_long() {
        String longest = "x".repeat(64);
        assertThat(provider.accounts.beginPasskeyRegistration(longest, HOME).id())
                .hasSizeLessThanOrEqualTo(128);
        assertThat(provider.accounts
                        .beginPasskeyLogin(Optional.of(longest), HOME)
                        .id())
                .hasSizeLessThanOrEqualTo(128);
    }

    @Test
    void beginning_to_log_in_tells_nothing_of_who_exists() {
        Tokens unused = register("ada", phone);
        JsonObject known = new JsonObject(
                provider.accounts.beginPasskeyLogin(Optional.of("ada"), HOME).optionsJson());
        JsonObject unknown = new JsonObject(
                provider.accounts.beginPasskeyLogin(Optional.of("bob"), HOME).optionsJson());
        assertThat(known.remove("challenge")).isNotEqualTo(unknown.remove("challenge"));
        assertThat(known).isEqualTo(unknown);
    }

    @Test
    void a_passkey_logs_in_to_the_account_that_was_named_or_to_none() {
        Tokens ada = register("ada", phone);
        PasskeyChallenge named = provider.accounts.beginPasskeyLogin(Optional.of("ADA"), HOME);
        assertThat(provider.accounts
                        .loginWithPasskey(named.id(), phone.get(named.optionsJson()), HOME)
                        .account())
                .isEqualTo(ada.account());
        PasskeyChallenge other = provider.accounts.beginPasskeyLogin(Optional.of("bob"), HOME);
        requireNoLogin(other, phone.get(other.optionsJson()));
    }

    private void requireNoLogin(PasskeyChallenge challenge, String response) {
        assertThat(refusal(() -> provider.accounts.loginWithPasskey(challenge.id(), response, HOME)))
                .isEqualTo(ServiceError.UNAUTHENTICATED);
    }

    private void requireNoLogin(Consumer<SoftAuthenticator> wrong, Consumer<SoftAuthenticator> right) {
        wrong.accept(phone);
        PasskeyChallenge challenge = beginLogin();
        requireNoLogin(challenge, phone.get(challenge.optionsJson()));
        right.accept(phone);
    }

    @Test
    void an_assertion_is_what_it_should_be_or_nothing() {
        Tokens ada = register("ada", phone);
        requireNoLogin(it -> it.origin = "https://evil.example", it -> it.origin = "https://cloud.example");
        requireNoLogin(
                it -> it.origin = "https://cloud.example.evil.example", it -> it.origin = "https://cloud.example");
        requireNoLogin(it -> it.origin = "http://cloud.example", it -> it.origin = "https://cloud.example");
        requireNoLogin(it -> it.origin = "https://app.cloud.example", it -> it.origin = "https://cloud.example");
        requireNoLogin(it -> it.rpId = "evil.example", it -> it.rpId = "cloud.example");
        requireNoLogin(it -> it.getType = "webauthn.create", it -> it.getType = "webauthn.get");
        requireNoLogin(it -> it.crossOrigin = true, it -> it.crossOrigin = false);
        requireNoLogin(it -> it.verified = false, it -> it.verified = true);
        requireNoLogin(it -> it.present = false, it -> it.present = true);
        requireNoLogin(it -> it.backupEligible = true, it -> it.backupEligible = false);
        phone.origin = "https://app.cloud.example:8443";
        assertThat(login(phone).account()).isEqualTo(ada.account());
    }

    @Test
    void a_registration_is_what_it_should_be_or_nothing() {
        List<Consumer<SoftAuthenticator>> wrong = List.of(
                it -> it.origin = "https://evil.example",
                it -> it.rpId = "evil.example",
                it -> it.createType = "webauthn.get",
                it -> it.verified = false,
                it -> it.present = false,
                it -> it.crossOrigin = true);
        for (Consumer<SoftAuthenticator> each : wrong) {
            SoftAuthenticator authenticator = new SoftAuthenticator();
            each.accept(authenticator);
            assertThat(refusal(() -> register("ada", authenticator))).isEqualTo(ServiceError.INVALID);
        }
        assertThat(provider.count("account")).isZero();
        assertThat(provider.count("throttle")).isZero();
    }

    @Test
    void a_challenge_is_good_once() {
        Tokens ada = register("ada", phone);
        phone.counts = false;
        PasskeyChallenge challenge = beginLogin();
        String answer = phone.get(challenge.optionsJson());
        assertThat(provider.accounts
                        .loginWithPasskey(challenge.id(), answer, HOME)
                        .account())
                .isEqualTo(ada.account());
        requireNoLogin(challenge, answer);
        requireNoLogin(challenge, phone.get(challenge.optionsJson()));
        try (Provider other = provider.another()) {
            assertThat(refusal(() -> other.accounts.loginWithPasskey(challenge.id(), answer, HOME)))
                    .isEqualTo(ServiceError.UNAUTHENTICATED);
        }
    }

    @Test
    void a_challenge_is_good_for_five_minutes_and_for_its_purpose() {
        Tokens unused = register("ada", phone);
        PasskeyChallenge old = beginLogin();
        provider.clock.advance(Duration.ofMinutes(5));
        requireNoLogin(old, phone.get(old.optionsJson()));
        PasskeyChallenge registration = provider.accounts.beginPasskeyRegistration("bob", HOME);
        requireNoLogin(registration, phone.get(registration.optionsJson()));
        PasskeyChallenge login = beginLogin();
        String made = new SoftAuthenticator()
                .create(new JsonObject(registration.optionsJson())
                        .put("challenge", new JsonObject(login.optionsJson()).getString("challenge"))
                        .encode());
        assertThat(refusal(() -> provider.accounts.registerWithPasskey(login.id(), "x", made, HOME)))
                .isEqualTo(ServiceError.INVALID);
    }

    @Test
    void nobody_makes_up_a_challenge() {
        Tokens unused = register("ada", phone);
        PasskeyChallenge challenge = beginLogin();
        String answer = phone.get(challenge.optionsJson());
        char[] other = challenge.id().toCharArray();
        other[15] = other[15] == 'A' ? 'B' : 'A';
        for (String id : List.of("", "A", "é", "=", "A".repeat(5_000), new String(other))) {
            requireNoLogin(new PasskeyChallenge(id, ""), answer);
        }
        assertThat(provider.count("spent_challenge")).isEqualTo(1);
    }

    @Test
    void asking_for_challenges_leaves_nothing_in_the_database() {
        for (int i = 0; i < 50; i++) {
            assertThat(beginLogin().id()).isNotEqualTo(beginLogin().id());
        }
        assertThat(provider.count("spent_challenge")).isZero();
        assertThat(provider.count("throttle")).isZero();
    }

    @Test
    void a_counter_that_does_not_go_on_is_a_copys() {
        Tokens unused = register("ada", phone);
        phone.setCounter(10);
        assertThat(login(phone).account().name()).isEqualTo("ada");
        phone.setCounter(10);
        PasskeyChallenge challenge = beginLogin();
        requireNoLogin(challenge, copyAt(10, challenge));
        requireNoLogin(challenge, copyAt(0, challenge));
        phone.setCounter(11);
        assertThat(login(phone).account().name()).isEqualTo("ada");
    }

    /** The original stands at 11 now. */
    private String copyAt(long counter, PasskeyChallenge challenge) {
        phone.counts = false;
        phone.setCounter(counter);
        String answer = phone.get(challenge.optionsJson());
        phone.counts = true;
        return answer;
    }

    @Test
    void another_key_with_the_same_id_does_not_log_in() {
        Tokens ada = register("ada", phone);
        SoftAuthenticator eves = new SoftAuthenticator();
        PasskeyChallenge challenge = beginLogin();
        JsonObject forged = new JsonObject(eves.get(challenge.optionsJson()));
        JsonObject real = new JsonObject(phone.get(challenge.optionsJson()));
        forged.put("id", phone.id()).put("rawId", phone.id());
        forged.getJsonObject("response")
                .put("userHandle", real.getJsonObject("response").getString("userHandle"));
        requireNoLogin(challenge, forged.encode());
        requireNoLogin(challenge, phone.get(challenge.optionsJson(), new byte[32]));
        requireNoLogin(challenge, phone.get(challenge.optionsJson(), new byte[0]));
        assertThat(login(phone).account()).isEqualTo(ada.account());
    }

    @Test
    void a_passkey_that_is_registered_is_not_taken_again() {
        Tokens unused = register("ada", phone);
        assertThat(refusal(() -> register("eve", phone))).isEqualTo(ServiceError.CONFLICT);
        assertThat(provider.count("account")).isEqualTo(1);
        assertThat(refusal(() -> register("ada", new SoftAuthenticator()))).isEqualTo(ServiceError.CONFLICT);
    }

    @Test
    void what_begins_in_one_session_ends_in_it() {
        Tokens ada = provider.register("ada");
        Tokens eve = provider.register("eve");
        PasskeyChallenge adas = begin(provider.who(ada), PASSWORD);
        String made = phone.create(adas.optionsJson());
        assertThat(refusal(() -> provider.accounts.addPasskey(provider.who(eve), adas.id(), "x", made)))
                .isEqualTo(ServiceError.INVALID);
        Tokens again = provider.login("ada", PASSWORD);
        assertThat(refusal(() -> provider.accounts.addPasskey(provider.who(again), adas.id(), "x", made)))
                .isEqualTo(ServiceError.INVALID);
        assertThat(provider.accounts
                        .addPasskey(provider.who(ada), adas.id(), "x", made)
                        .id())
                .isEqualTo(phone.id());
    }

    @Test
    void a_session_that_is_not_new_gives_nobody_a_way_in_that_stays() {
        Tokens tokens = register("ada", phone);
        PasskeyChallenge challenge = begin(provider.who(tokens), "");
        provider.clock.advance(Duration.ofMinutes(4));
        Tokens current = tokens;
        for (int i = 0; i < 3; i++) {
            current = provider.accounts.refresh(current.refresh(), HOME);
            provider.clock.advance(Duration.ofMinutes(4));
        }
        Authenticated stolen = provider.who(current);
        assertThat(refusal(() -> begin(stolen, ""))).isEqualTo(ServiceError.FORBIDDEN);
        assertThat(refusal(() -> provider.accounts.removePasskey(stolen, phone.id())))
                .isEqualTo(ServiceError.FORBIDDEN);
        assertThat(refusal(() -> provider.accounts.changePassword(stolen, new byte[0], utf8(PASSWORD), false, HOME)))
                .isEqualTo(ServiceError.FORBIDDEN);
        assertThat(refusal(() -> provider.accounts.delete(stolen, new byte[0], HOME)))
                .isEqualTo(ServiceError.FORBIDDEN);
        assertThat(challenge.id()).isNotEmpty();
        Authenticated fresh = provider.who(login(phone));
        provider.accounts.changePassword(fresh, new byte[0], utf8(PASSWORD), false, HOME);
        assertThat(provider.login("ada", PASSWORD).account()).isEqualTo(tokens.account());
    }

    @Test
    void a_session_alone_however_new_adds_no_passkey_to_an_account_with_a_password() {
        Authenticated stolen = provider.who(provider.register("ada"));
        assertThat(refusal(() -> begin(stolen, ""))).isEqualTo(ServiceError.FORBIDDEN);
        for (int i = 0; i < 5; i++) {
            assertThat(refusal(() -> begin(stolen, "a wrong guess"))).isEqualTo(ServiceError.FORBIDDEN);
        }
        assertThat(refusal(() -> begin(stolen, PASSWORD))).isEqualTo(ServiceError.THROTTLED);
    }

    @Test
    void with_its_password_an_account_takes_a_passkey_in_a_session_of_any_age() {
        Tokens tokens = provider.register("ada");
        provider.clock.advance(Duration.ofMinutes(20));
        Tokens later = provider.accounts.refresh(tokens.refresh(), HOME);
        assertThat(add(later, phone).id()).isEqualTo(phone.id());
    }

    @Test
    void who_changes_their_password_can_forget_passkeys_that_somebody_may_have_added() {
        Tokens tokens = provider.register("ada");
        PasskeyInfo added = add(tokens, phone);
        Authenticated who = provider.who(tokens);
        String other = "another good passphrase";
        provider.accounts.changePassword(who, utf8(PASSWORD), utf8(other), false, HOME);
        assertThat(provider.accounts.passkeys(tokens.account()))
                .extracting(PasskeyInfo::id)
                .containsExactly(added.id());
        provider.accounts.changePassword(who, utf8(other), utf8(PASSWORD), true, HOME);
        assertThat(provider.accounts.passkeys(tokens.account())).isEmpty();
        assertThat(refusal(() -> login(phone))).isEqualTo(ServiceError.UNAUTHENTICATED);
    }

    @Test
    void the_last_way_to_log_in_stays() {
        Tokens tokens = register("ada", phone);
        Authenticated who = provider.who(tokens);
        assertThat(refusal(() -> provider.accounts.removePasskey(who, phone.id())))
                .isEqualTo(ServiceError.CONFLICT);
        for (String id : List.of("AAAA", "!", "", new SoftAuthenticator().id())) {
            assertThat(refusal(() -> provider.accounts.removePasskey(who, id))).isEqualTo(ServiceError.NOT_FOUND);
        }
        Tokens elsewhere = login(phone);
        SoftAuthenticator spare = new SoftAuthenticator();
        assertThat(add(tokens, "", spare).id()).isEqualTo(spare.id());
        provider.accounts.removePasskey(who, phone.id());
        requireNoLogin(it -> {}, it -> {});
        assertThat(refusal(() -> provider.who(elsewhere))).isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(login(spare).account()).isEqualTo(tokens.account());
    }

    @Test
    void an_account_has_twenty_passkeys_at_the_most() {
        Tokens tokens = provider.register("ada");
        for (int i = 0; i < Passkeys.MOST; i++) {
            assertThat(add(tokens, new SoftAuthenticator()).label()).isEqualTo("my key");
        }
        assertThat(refusal(() -> add(tokens, phone))).isEqualTo(ServiceError.CONFLICT);
    }

    @ParameterizedTest
    @CsvSource({
        "2048,17,true",
        "4096,32,true",
        "1024,17,false",
        "2047,17,false",
        "4097,17,false",
        "16384,17,false",
        "2048,33,false",
        "4096,4096,false"
    })
    void a_key_whose_signatures_are_dear_to_verify_or_easy_to_forge_is_not_taken(
            int modulus, int exponent, boolean taken) {
        phone.rsa = Optional.of(rsa(
                BigInteger.ONE.shiftLeft(modulus).subtract(BigInteger.ONE),
                BigInteger.ONE.shiftLeft(exponent - 1).add(BigInteger.ONE)));
        if (taken) {
            assertThat(register("ada", phone).account().name()).isEqualTo("ada");
        } else {
            assertThat(refusal(() -> register("ada", phone))).isEqualTo(ServiceError.INVALID);
        }
    }

    private static RSAPublicKey rsa(BigInteger modulus, BigInteger exponent) {
        return new RSAPublicKey() {
            @Override
            public BigInteger getModulus() {
                return modulus;
            }

            @Override
            public BigInteger getPublicExponent() {
                return exponent;
            }

            @Override
            public String getAlgorithm() {
                return "RSA";
            }

            @Override
            public String getFormat() {
                return "none";
            }

            @Override
            public byte[] getEncoded() {
                return new byte[0];
            }
        };
    }

    @Test
    void answers_in_the_name_of_a_passkey_that_it_has_not_signed_are_looked_at_less_and_less_often() {
        Tokens ada = register("ada", phone);
        String attacker = "203.0.113.66";
        phone.counts = false;
        phone.origin = "https://evil.example";
        int looked = 0;
        for (int i = 0; i < 100; i++) {
            PasskeyChallenge challenge = beginLogin();
            looked += refusal(() -> provider.accounts.loginWithPasskey(
                                    challenge.id(), phone.get(challenge.optionsJson()), attacker))
                            == ServiceError.UNAUTHENTICATED
                    ? 1
                    : 0;
        }
        assertThat(looked).isEqualTo(21);
        phone.origin = "https://cloud.example";
        assertThat(login(phone).account()).isEqualTo(ada.account());
        // A neighbour's own passkey waits for nobody else's.
        SoftAuthenticator neighbours = new SoftAuthenticator();
        Tokens eve = register("eve", neighbours);
        PasskeyChallenge challenge = beginLogin();
        assertThat(provider.accounts
                        .loginWithPasskey(challenge.id(), neighbours.get(challenge.optionsJson()), attacker)
                        .account())
                .isEqualTo(eve.account());
    }

    @Test
    void wrong_passwords_keep_no_passkey_from_logging_in() {
        Tokens tokens = provider.register("ada");
        assertThat(add(tokens, phone).id()).isEqualTo(phone.id());
        for (int i = 0; i < 30; i++) {
            assertThat(refusal(() -> provider.login("ada", "a wrong guess again", HOME)))
                    .isIn(ServiceError.UNAUTHENTICATED, ServiceError.THROTTLED);
        }
        assertThat(login(phone).account()).isEqualTo(tokens.account());
    }

    @Test
    void a_locked_or_deleted_account_does_not_log_in() {
        Tokens tokens = register("ada", phone);
        AccountAdministration operator = new AccountAdministration(provider.database, provider.clock);
        operator.lock("ada");
        assertThat(refusal(() -> login(phone))).isEqualTo(ServiceError.FORBIDDEN);
        operator.unlock("ada");
        Authenticated who = provider.who(login(phone));
        provider.accounts.delete(who, new byte[0], HOME);
        requireNoLogin(it -> {}, it -> {});
        assertThat(refusal(() -> provider.who(tokens))).isEqualTo(ServiceError.UNAUTHENTICATED);
    }

    @Test
    void labels_are_short_and_printable() {
        PasskeyChallenge challenge = provider.accounts.beginPasskeyRegistration("ada", HOME);
        String made = phone.create(challenge.optionsJson());
        for (String label : List.of("", "  ", "x".repeat(65), "a\u0007b")) {
            assertThat(refusal(() -> provider.accounts.registerWithPasskey(challenge.id(), label, made, HOME)))
                    .isEqualTo(ServiceError.INVALID);
        }
    }

    @Test
    void whatever_is_sent_in_place_of_an_answer_is_refused() {
        Tokens unused = register("ada", phone);
        PasskeyChallenge challenge = beginLogin();
        String answer = phone.get(challenge.optionsJson());
        String made = new SoftAuthenticator()
                .create(provider.accounts.beginPasskeyRegistration("bob", HOME).optionsJson());
        Random random = new Random(20260301);
        for (int i = 0; i < 300; i++) {
            requireRefused(challenge, damaged(i % 2 == 0 ? answer : made, random));
        }
        for (String text :
                List.of("", "null", "[]", "{}", "1", "{\"id\":null}", "[".repeat(20_000), "\"".repeat(99_999))) {
            requireRefused(challenge, text);
        }
    }

    private void requireRefused(PasskeyChallenge challenge, String text) {
        PasskeyChallenge registration = provider.accounts.beginPasskeyRegistration("carol", HOME);
        assertThat(refusal(() -> provider.accounts.registerWithPasskey(registration.id(), "x", text, HOME)))
                .isEqualTo(ServiceError.INVALID);
        try {
            // Damage that hits what does not matter, as the attachment, leaves an answer good.
            Tokens tokens = provider.accounts.loginWithPasskey(challenge.id(), text, HOME);
            assertThat(tokens.account().name()).isEqualTo("ada");
        } catch (ServiceException e) {
            assertThat(e.error()).isIn(ServiceError.UNAUTHENTICATED, ServiceError.THROTTLED);
        }
    }

    private static String damaged(String json, Random random) {
        StringBuilder text = new StringBuilder(json);
        for (int n = random.nextInt(3); n >= 0; n--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, (char) (33 + random.nextInt(94)));
                case 1 -> text.deleteCharAt(at);
                default -> text.setLength(Math.max(1, at));
            }
        }
        return text.toString();
    }
}
