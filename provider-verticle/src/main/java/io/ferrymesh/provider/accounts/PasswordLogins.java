package io.ferrymesh.provider.accounts;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.accounts.AccountMetrics.Outcome;
import io.ferrymesh.provider.accounts.Throttle.Counted;
import io.ferrymesh.provider.accounts.Throttle.Rule;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.Tokens;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Logging in with a password. What is done, and asked of the database, is the same for a name that no account has and for a
 * wrong password: the difference is a row that is found or not.
 */
final class PasswordLogins {

    /** Somebody whose password is looked at now. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Attempt(Optional<AccountTable.Row> account, List<Counted> counted, From from) {

        long id() {
            return account.map(AccountTable.Row::id).orElse(0L);
        }

        Optional<String> password() {
            return account.flatMap(AccountTable.Row::password);
        }
    }

    /**
     * Where an attempt comes from.
     *
     * @param device empty unless it has logged in to this account before
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record From(byte[] network, Optional<byte[]> device) {}

    private final Database database;
    private final Clock clock;
    private final PasswordHasher hasher;
    private final Throttle throttle;
    private final KnownNetworks networks;
    private final Devices devices;
    private final Sessions sessions;
    private final AccountMetrics metrics;

    PasswordLogins(Parts parts) {
        this.database = parts.database();
        this.clock = parts.clock();
        this.hasher = parts.hasher();
        this.throttle = parts.throttle();
        this.networks = parts.networks();
        this.devices = parts.devices();
        this.sessions = parts.sessions();
        this.metrics = parts.metrics();
    }

    Tokens login(String givenName, byte[] given, Optional<String> deviceToken, String address) {
        Optional<String> name = AccountNames.known(givenName);
        Optional<byte[]> password = name.flatMap(possible -> Passwords.offered(given));
        if (password.isEmpty()) {
            // Decided by what was sent alone, so that it tells nothing.
            throw refused();
        }
        try {
            From from = new From(Networks.of(address), device(name.orElseThrow(), deviceToken));
            return login(admit(name.get(), from), password.get());
        } finally {
            Arrays.fill(password.get(), (byte) 0);
        }
    }

    private Optional<byte[]> device(String name, Optional<String> token) {
        if (token.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> hash =
                database.read(handle -> AccountTable.byName(handle, name)).flatMap(AccountTable.Row::password);
        return devices.known(name, hash, token, clock.millis());
    }

    private Tokens login(Attempt attempt, byte[] password) {
        boolean right;
        try {
            right = hasher.verify(attempt.id(), password, attempt.password());
        } catch (ServiceException e) {
            giveBack(attempt);
            throw e;
        }
        AccountTable.Row account =
                attempt.account().filter(known -> right && known.active()).orElseThrow(this::refused);
        if (account.locked()) {
            throw locked();
        }
        Optional<String> stored = Optional.of(current(account, password));
        Optional<Tokens> tokens = database.transaction(handle -> {
            if (!AccountTable.setPassword(handle, account, stored)) {
                return Optional.empty();
            }
            return Optional.of(loggedIn(handle, account, stored, attempt));
        });
        // Empty: the password was changed, or the account locked or deleted, in between.
        Tokens given = tokens.orElseThrow(this::refused);
        metrics.login(Sessions.Method.PASSWORD, Outcome.OK);
        return given;
    }

    private Tokens loggedIn(Handle handle, AccountTable.Row account, Optional<String> hash, Attempt attempt) {
        throttle.giveBack(handle, attempt.counted());
        attempt.counted().stream()
                .filter(each -> each.rule() == Rule.DEVICE || each.rule() == Rule.HERE)
                .forEach(each -> throttle.forget(handle, each));
        networks.remember(handle, account, attempt.from().network(), clock.millis());
        return sessions.begin(handle, account, Sessions.Method.PASSWORD)
                .withDevice(devices.token(account.name(), hash, attempt.from().device(), clock.millis()));
    }

    /** The stored hash, or a new one of the same password where that one has become too cheap. */
    private String current(AccountTable.Row account, byte[] password) {
        String stored = account.password().orElseThrow();
        if (!hasher.isDated(stored)) {
            return stored;
        }
        try {
            return hasher.hash(account.id(), password);
        } catch (ServiceException e) {
            // Too much at once: at the next login, then.
            return stored;
        }
    }

    /** THROTTLED. What must wait costs one read. */
    private Attempt admit(String name, From from) {
        long now = clock.millis();
        boolean unusedFree = database.read(handle -> {
            check(handle, name, from, now);
            return true;
        });
        return database.transaction(handle -> {
            List<Counted> counted = charged(handle, name, from, now);
            return new Attempt(AccountTable.byName(handle, name), counted, from);
        });
    }

    private void check(Handle handle, String name, From from, long now) {
        List<Counted> counted = own(name, from);
        boolean waitsForOthers =
                !isKnown(handle, name, from, now) && throttle.attempts(handle, counted.get(0), now) >= Throttle.SPARED;
        if (waitsForOthers) {
            counted.add(everywhere(name));
        }
        throttle.check(handle, counted, now);
    }

    /** What this attempt has counted against. THROTTLED, which is to roll back. */
    private List<Counted> charged(Handle handle, String name, From from, long now) {
        List<Counted> counted = own(name, from);
        throttle.charge(handle, counted, now);
        if (isKnown(handle, name, from, now)) {
            return counted;
        }
        Counted everywhere = everywhere(name);
        if (throttle.attempts(handle, counted.get(0), now) > Throttle.SPARED) {
            throttle.charge(handle, List.of(everywhere), now);
            counted.add(everywhere);
        } else if (throttle.isCharged(handle, everywhere, now)) {
            // While others wait it is not counted, or those who are spared would keep them waiting for good.
            counted.add(everywhere);
        }
        return counted;
    }

    /** Whether those who guess elsewhere do not concern it. */
    private boolean isKnown(Handle handle, String name, From from, long now) {
        return from.device().isPresent() || networks.isKnown(handle, name, from.network(), now);
    }

    /** A device that is known waits for itself alone; others for all that comes from their network. */
    private List<Counted> own(String name, From from) {
        return from.device()
                .map(device -> new ArrayList<>(List.of(here(Rule.DEVICE, name, device))))
                .orElseGet(() -> new ArrayList<>(List.of(
                        here(Rule.HERE, name, from.network()), throttle.counted(Rule.NETWORK, from.network()))));
    }

    private Counted here(Rule rule, String name, byte[] where) {
        return throttle.counted(rule, name.getBytes(StandardCharsets.UTF_8), where);
    }

    private Counted everywhere(String name) {
        return throttle.counted(Rule.ACCOUNT, name.getBytes(StandardCharsets.UTF_8));
    }

    private void giveBack(Attempt attempt) {
        boolean unused = database.transaction(handle -> {
            throttle.giveBack(handle, attempt.counted());
            return true;
        });
    }

    private ServiceException refused() {
        metrics.login(Sessions.Method.PASSWORD, Outcome.REFUSED);
        return new ServiceException(ServiceError.UNAUTHENTICATED, "wrong name or password");
    }

    static ServiceException locked() {
        return new ServiceException(ServiceError.FORBIDDEN, "the operator has locked this account");
    }
}
