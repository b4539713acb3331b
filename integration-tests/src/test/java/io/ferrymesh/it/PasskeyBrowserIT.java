package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.accounts.AccountKeys;
import io.ferrymesh.provider.accounts.AccountOptions;
import io.ferrymesh.provider.accounts.Accounts;
import io.ferrymesh.provider.accounts.PasskeyOptions;
import io.ferrymesh.provider.accounts.TokenKey;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.PasskeyChallenge;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.Tokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passkeys as a real browser makes and uses them, on pages of the provider and on others. */
class PasskeyBrowserIT {

    private static final String HERE = "127.0.0.1";
    private static final Vertx VERTX = Vertx.vertx();
    private static Optional<Browser> installed = Optional.empty();
    private static String page = "";
    private static String strangersPage = "";

    @TempDir
    Path directory;

    private Browser browser;
    private Database database;
    private Accounts accounts;

    @BeforeAll
    static void start() {
        installed = Browser.ifInstalled();
        page = "http://localhost:" + serve();
        strangersPage = "http://localhost:" + serve();
    }

    private static int serve() {
        return VERTX.createHttpServer()
                .requestHandler(request -> {
                    var unused = request.response()
                            .putHeader("content-type", "text/html")
                            .end("<!doctype html><title>page</title>");
                })
                .listen(0, "localhost")
                .await()
                .actualPort();
    }

    @AfterAll
    static void stop() {
        installed.ifPresent(Browser::close);
        VERTX.close().await();
    }

    @BeforeEach
    void open() {
        assumeTrue(installed.isPresent(), "Chromium is not installed");
        browser = installed.orElseThrow();
        DatabaseOptions options = new DatabaseOptions.Sqlite(directory.resolve("provider.db"));
        database = Database.open(options, ProviderDatabase.MIGRATIONS);
        PasskeyOptions passkeys = new PasskeyOptions("localhost", "Example Cloud", Set.of(page));
        accounts = Accounts.open(
                VERTX,
                database,
                new Keys(),
                AccountOptions.defaults(page, passkeys),
                number -> true,
                Clock.systemUTC(),
                new SecureRandom(),
                new SimpleMeterRegistry());
        browser.open(page);
        browser.setUserVerified(true);
    }

    @AfterEach
    void close() {
        if (installed.isPresent()) {
            browser.credentials().forEach(each -> browser.remove(((JsonObject) each).getString("credentialId")));
            accounts.close();
            database.close();
        }
    }

    private static final class Keys implements AccountKeys {

        private final TokenKey key;

        Keys() {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec("secp256r1"));
                KeyPair pair = generator.generateKeyPair();
                key = new TokenKey("1", (ECPrivateKey) pair.getPrivate(), (ECPublicKey) pair.getPublic());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public byte[] pepper() {
            return new byte[32];
        }

        @Override
        public List<TokenKey> tokenKeys(long nowSeconds) {
            return List.of(key);
        }
    }

    private Tokens register(String name) {
        PasskeyChallenge challenge = accounts.beginPasskeyRegistration(name, HERE);
        return accounts.registerWithPasskey(challenge.id(), "Chromium", browser.create(challenge.optionsJson()), HERE);
    }

    private Tokens login(Optional<String> name) {
        PasskeyChallenge challenge = accounts.beginPasskeyLogin(name, HERE);
        return accounts.loginWithPasskey(challenge.id(), browser.get(challenge.optionsJson()), HERE);
    }

    private static ServiceError refusal(Supplier<Tokens> call) {
        ServiceException refused = catchThrowableOfType(ServiceException.class, () -> {
            Tokens unused = call.get();
        });
        assertThat(refused).isNotNull();
        return refused.error();
    }

    @Test
    void a_browser_registers_with_a_passkey_and_logs_in_with_it() {
        Tokens registered = register("ada");
        Tokens byName = login(Optional.of("ada"));
        Tokens byWhatItFinds = login(Optional.empty());
        assertThat(List.of(byName.account(), byWhatItFinds.account())).containsOnly(registered.account());
        assertThat(accounts.authenticate(byWhatItFinds.access()).account()).isEqualTo(registered.account());
    }

    @Test
    void a_passkey_is_added_to_an_account_and_the_authenticator_is_not_asked_twice() {
        byte[] password = "tangerine-kiosk-42".getBytes(StandardCharsets.UTF_8);
        Tokens tokens = accounts.register("ada", password.clone(), HERE);
        Authenticated who = accounts.authenticate(tokens.access());
        PasskeyChallenge challenge = accounts.beginPasskey(who, password.clone(), HERE);
        String made = browser.create(challenge.optionsJson());
        String id = accounts.addPasskey(who, challenge.id(), "Chromium", made).id();
        assertThat(accounts.passkeys(tokens.account())).hasSize(1);
        PasskeyChallenge again = accounts.beginPasskey(who, password.clone(), HERE);
        assertThat(browser.create(again.optionsJson())).isEqualTo("InvalidStateError");
        assertThat(login(Optional.empty()).account()).isEqualTo(tokens.account());
        accounts.removePasskey(who, id);
        assertThat(refusal(() -> login(Optional.empty()))).isEqualTo(ServiceError.UNAUTHENTICATED);
    }

    @Test
    void another_page_of_the_same_host_cannot_use_it() {
        Tokens unused = register("ada");
        browser.open(strangersPage);
        assertThat(refusal(() -> login(Optional.empty()))).isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(refusal(() -> register("eve"))).isEqualTo(ServiceError.INVALID);
    }

    @Test
    void nobody_logs_in_who_is_not_verified() {
        Tokens unused = register("ada");
        browser.setUserVerified(false);
        PasskeyChallenge challenge = accounts.beginPasskeyLogin(Optional.empty(), HERE);
        assertThat(browser.get(challenge.optionsJson())).isEqualTo("NotAllowedError");
        JsonObject lax = new JsonObject(challenge.optionsJson()).put("userVerification", "discouraged");
        String answer = browser.get(lax.encode());
        assertThat(answer).startsWith("{");
        assertThat(refusal(() -> accounts.loginWithPasskey(challenge.id(), answer, HERE)))
                .isEqualTo(ServiceError.UNAUTHENTICATED);
    }

    @Test
    void a_copy_of_a_passkey_is_noticed() {
        Tokens ada = register("ada");
        JsonObject copy = browser.credentials().getJsonObject(0).copy();
        assertThat(login(Optional.empty()).account()).isEqualTo(ada.account());
        assertThat(login(Optional.empty()).account()).isEqualTo(ada.account());
        browser.remove(copy.getString("credentialId"));
        browser.put(copy);
        assertThat(refusal(() -> login(Optional.empty()))).isEqualTo(ServiceError.UNAUTHENTICATED);
    }
}
