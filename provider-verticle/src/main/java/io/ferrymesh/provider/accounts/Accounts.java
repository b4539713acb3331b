package io.ferrymesh.provider.accounts;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.PasskeyChallenge;
import io.ferrymesh.provider.service.PasskeyInfo;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.SessionInfo;
import io.ferrymesh.provider.service.Tokens;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The accounts of a provider, in its database. Several processes with the same database and keys answer alike; what one ends,
 * the others believe in for a second more. Blocks; any thread but an event loop. docs/accounts.md.
 */
public final class Accounts implements AccountService, AutoCloseable {

    private static final long RETRY_SECONDS = 2;

    private final AccountSecrets secrets;
    private final Sessions sessions;
    private final Registrations registrations;
    private final PasswordLogins passwords;
    private final Ownership ownership;
    private final Passkeys passkeys;
    private final Housekeeping housekeeping;
    private final AccountMetrics metrics;

    private Accounts(Parts parts, Ownership ownership, Passkeys passkeys, Registrations registrations) {
        this.secrets = parts.secrets();
        this.sessions = parts.sessions();
        this.registrations = registrations;
        this.passwords = new PasswordLogins(parts);
        this.ownership = ownership;
        this.passkeys = passkeys;
        this.housekeeping = new Housekeeping(parts.database(), parts.options(), parts.clock());
        this.metrics = parts.metrics();
    }

    /** On a database that was opened with the provider's migrations; it stays the caller's to close. */
    public static Accounts open(
            Vertx vertx,
            Database database,
            AccountKeys keys,
            AccountOptions options,
            FreeNumbers numbers,
            Clock clock,
            SecureRandom random,
            MeterRegistry meters) {
        AccountSecrets secrets = new AccountSecrets(keys);
        AccountMetrics metrics = new AccountMetrics(meters);
        AccessTokens access = new AccessTokens(vertx, keys, options.issuer(), clock.millis() / 1_000);
        Sessions sessions = new Sessions(database, access, new RefreshTokens(secrets, random), options, clock, metrics);
        Parts parts = new Parts(
                database,
                options,
                clock,
                secrets,
                hasher(database, secrets, options, random, meters),
                new Throttle(secrets),
                new KnownNetworks(secrets, options.knownNetworks()),
                new Devices(secrets, random),
                sessions,
                new NewAccounts(options.maxAccounts(), numbers, random),
                metrics);
        Registrations registrations = new Registrations(parts);
        Ownership ownership = new Ownership(parts);
        Passkeys passkeys = new Passkeys(
                parts, new Challenges(secrets, random), new WebAuthn(options.passkeys()), registrations, ownership);
        return new Accounts(parts, ownership, passkeys, registrations);
    }

    private static PasswordHasher hasher(
            Database database,
            AccountSecrets secrets,
            AccountOptions options,
            SecureRandom random,
            MeterRegistry meters) {
        PasswordHasher hasher = new PasswordHasher(secrets, options.passwordCost(), options.hashers(), random, meters);
        boolean unused = database.transaction(handle -> {
            AccountTable.passwordsBut(
                    handle,
                    PasswordHash.beginning(options.passwordCost()),
                    stored -> PasswordHash.parse(stored).map(PasswordHash::cost).ifPresent(hasher::hasSeen));
            return true;
        });
        return hasher;
    }

    @Override
    public Tokens register(String name, byte[] password, String from) {
        return wiping(() -> registrations.withPassword(name, password, from), password);
    }

    @Override
    public Tokens login(String name, byte[] password, Optional<String> deviceToken, String from) {
        return wiping(() -> passwords.login(name, password, deviceToken, from), password);
    }

    @Override
    public Tokens refresh(String refreshToken, String from) {
        return answering(() -> sessions.refresh(refreshToken));
    }

    @Override
    public Authenticated authenticate(String accessToken) {
        return translated(() -> sessions.authenticate(accessToken));
    }

    @Override
    public void logout(Authenticated who) {
        boolean unused = answering(() -> sessions.end(who.account().id(), who.sessionId()));
    }

    @Override
    public void changePassword(
            Authenticated who, byte[] oldPassword, byte[] newPassword, boolean removePasskeys, String from) {
        boolean unused = wiping(
                () -> {
                    ownership.changePassword(who, oldPassword, newPassword, removePasskeys);
                    return true;
                },
                oldPassword,
                newPassword);
    }

    @Override
    public void delete(Authenticated who, byte[] password, String from) {
        boolean unused = wiping(
                () -> {
                    ownership.delete(who, password);
                    return true;
                },
                password);
    }

    @Override
    public List<SessionInfo> sessions(Account account) {
        return translated(() -> sessions.list(account));
    }

    @Override
    public void endSession(Account account, String sessionId) {
        if (!answering(() -> sessions.end(account.id(), sessionId))) {
            throw new ServiceException(ServiceError.NOT_FOUND, "the account has no such session");
        }
    }

    @Override
    public PasskeyChallenge beginPasskey(Authenticated who, byte[] password, String from) {
        return wiping(() -> passkeys.beginAdding(who, password), password);
    }

    @Override
    public PasskeyInfo addPasskey(Authenticated who, String challengeId, String label, String responseJson) {
        return answering(() -> passkeys.add(who, challengeId, label, responseJson));
    }

    @Override
    public PasskeyChallenge beginPasskeyRegistration(String name, String from) {
        return translated(() -> passkeys.beginRegistration(name));
    }

    @Override
    public Tokens registerWithPasskey(String challengeId, String label, String responseJson, String from) {
        return answering(() -> passkeys.register(challengeId, label, responseJson, from));
    }

    @Override
    public PasskeyChallenge beginPasskeyLogin(Optional<String> name, String from) {
        return translated(() -> passkeys.beginLogin(name));
    }

    @Override
    public Tokens loginWithPasskey(String challengeId, String responseJson, String from) {
        return answering(() -> passkeys.login(challengeId, responseJson, from));
    }

    @Override
    public List<PasskeyInfo> passkeys(Account account) {
        return translated(() -> passkeys.list(account));
    }

    @Override
    public void removePasskey(Authenticated who, String passkeyId) {
        boolean unused = answering(() -> {
            passkeys.remove(who, passkeyId);
            return true;
        });
    }

    private <T> T wiping(Supplier<T> work, byte[]... passwords) {
        try {
            return answering(work);
        } finally {
            for (byte[] password : passwords) {
                Arrays.fill(password, (byte) 0);
            }
        }
    }

    private <T> T answering(Supplier<T> work) {
        housekeeping.ifDue();
        return translated(work);
    }

    private <T> T translated(Supplier<T> work) {
        try {
            return work.get();
        } catch (ServiceException e) {
            if (e.error() == ServiceError.THROTTLED) {
                metrics.throttled();
            }
            throw e;
        } catch (DatabaseException e) {
            if (e.kind() == DatabaseException.Kind.UNAVAILABLE) {
                ServiceException away = new ServiceException(
                        ServiceError.UNAVAILABLE, "the database is away", OptionalLong.of(RETRY_SECONDS));
                away.addSuppressed(e);
                throw away;
            }
            throw e;
        }
    }

    /** Wipes the keys. */
    @Override
    public void close() {
        secrets.close();
    }
}
