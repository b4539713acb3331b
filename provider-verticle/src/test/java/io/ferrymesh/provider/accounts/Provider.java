package io.ferrymesh.provider.accounts;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.Tokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Handle;

/** A process of a provider with its accounts, on a clock that stands still, where a hash costs next to nothing. */
final class Provider implements AutoCloseable {

    static final String HOME = "192.0.2.10";
    static final String PASSWORD = "correct battery, no staple";
    static final PasskeyOptions PASSKEYS = new PasskeyOptions(
            "cloud.example", "Example Cloud", Set.of("https://cloud.example", "https://app.cloud.example:8443"));
    static final AccountOptions OPTIONS = options(true, 1_000, new Argon2Cost(16, 1));

    final Database database;
    final ManualClock clock;
    final AccountKeys keys;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Accounts accounts;
    /** Numbers under which there are objects. */
    final Set<Long> taken = ConcurrentHashMap.newKeySet();

    private final Vertx vertx = Vertx.vertx();

    Provider(DatabaseOptions database) {
        this(database, OPTIONS);
    }

    Provider(DatabaseOptions database, AccountOptions options) {
        this(database, options, TestKeys.of("1"), new ManualClock());
    }

    Provider(DatabaseOptions database, AccountOptions options, AccountKeys keys, ManualClock clock) {
        this.clock = clock;
        this.keys = keys;
        this.database = Database.open(database, ProviderDatabase.MIGRATIONS);
        this.accounts = Accounts.open(
                vertx,
                this.database,
                keys,
                options,
                number -> !taken.contains(number),
                clock,
                new SecureRandom(),
                meters);
    }

    /** Another process of the same provider. */
    Provider another() {
        return new Provider(database.options(), OPTIONS, keys, clock);
    }

    static AccountOptions options(boolean open, long most, Argon2Cost cost) {
        AccountOptions defaults = AccountOptions.defaults("https://cloud.example", PASSKEYS);
        return new AccountOptions(
                defaults.issuer(),
                open,
                most,
                defaults.token(),
                defaults.sessionIdle(),
                defaults.session(),
                cost,
                defaults.hashers(),
                defaults.knownNetworks(),
                defaults.passkeys());
    }

    /** Where all clients seem to come from one address. */
    static AccountOptions behindOneAddress() {
        return new AccountOptions(
                OPTIONS.issuer(),
                OPTIONS.registrationOpen(),
                OPTIONS.maxAccounts(),
                OPTIONS.token(),
                OPTIONS.sessionIdle(),
                OPTIONS.session(),
                OPTIONS.passwordCost(),
                OPTIONS.hashers(),
                false,
                OPTIONS.passkeys());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Tokens register(String name) {
        return accounts.register(name, utf8(PASSWORD), HOME);
    }

    Tokens login(String name, String password) {
        return login(name, password, HOME);
    }

    Tokens login(String name, String password, String from) {
        return accounts.login(name, utf8(password), Optional.empty(), from);
    }

    /** From a device that has logged in before. */
    Tokens login(String name, String password, Tokens before, String from) {
        return accounts.login(name, utf8(password), before.device(), from);
    }

    Authenticated who(Tokens tokens) {
        return accounts.authenticate(tokens.access());
    }

    long count(String table) {
        return database.read(handle -> count(handle, table));
    }

    private static long count(Handle handle, String table) {
        return handle.createQuery("SELECT COUNT(*) FROM " + table)
                .mapTo(Long.class)
                .one();
    }

    /** What this is refused with. */
    static ServiceError refusal(ThrowingCallable call) {
        ServiceException refused = catchThrowableOfType(ServiceException.class, call);
        if (refused == null) {
            throw new AssertionError("it was not refused");
        }
        return refused.error();
    }

    @Override
    public void close() {
        accounts.close();
        database.close();
        vertx.close().await();
    }
}
