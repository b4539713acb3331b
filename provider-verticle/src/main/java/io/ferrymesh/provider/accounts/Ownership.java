package io.ferrymesh.provider.accounts;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.accounts.Throttle.Counted;
import io.ferrymesh.provider.accounts.Throttle.Rule;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What only the owner may do, even to somebody who holds a session: a password is asked for once more, or, of an account without
 * one, a session that has just begun.
 */
final class Ownership {

    private final Database database;
    private final Clock clock;
    private final PasswordHasher hasher;
    private final Throttle throttle;
    private final Sessions sessions;

    Ownership(Parts parts) {
        this.database = parts.database();
        this.clock = parts.clock();
        this.hasher = parts.hasher();
        this.throttle = parts.throttle();
        this.sessions = parts.sessions();
    }

    /** FORBIDDEN, THROTTLED, UNAUTHENTICATED. */
    void changePassword(Authenticated who, byte[] old, byte[] given, boolean removePasskeys) {
        byte[] password = Passwords.chosen(who.account().name(), given);
        try {
            AccountTable.Row account = proven(who, old);
            String hash = hasher.hash(account.id(), password);
            boolean changed = database.transaction(handle -> {
                boolean set = AccountTable.setPassword(handle, account, Optional.of(hash));
                if (set && removePasskeys) {
                    PasskeyTable.deleteAll(handle, account.id());
                }
                if (set) {
                    SessionTable.deleteOthers(handle, account.id(), who.sessionId());
                }
                return set;
            });
            if (!changed) {
                throw Sessions.unauthenticated();
            }
            sessions.forget(who.account().id(), Optional.of(who.sessionId()));
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    /** FORBIDDEN, THROTTLED, UNAUTHENTICATED. */
    void delete(Authenticated who, byte[] given) {
        AccountTable.Row account = proven(who, given);
        boolean begun = database.transaction(handle -> AccountTable.beginErasing(handle, account.id(), clock.millis()));
        sessions.forget(who.account().id(), Optional.empty());
        if (!begun) {
            throw Sessions.unauthenticated();
        }
    }

    /** The account, whose owner has shown that it is theirs. FORBIDDEN, THROTTLED, UNAUTHENTICATED. */
    AccountTable.Row proven(Authenticated who, byte[] given) {
        List<Counted> counted =
                List.of(throttle.counted(Rule.SESSION, who.sessionId().getBytes(StandardCharsets.UTF_8)));
        AccountTable.Row account = database.transaction(handle -> {
            AccountTable.Row row = AccountTable.byId(handle, who.account().id().value())
                    .filter(AccountTable.Row::active)
                    .orElseThrow(Sessions::unauthenticated);
            if (row.password().isEmpty()) {
                sessions.requireRecent(handle, who);
            } else {
                throttle.charge(handle, counted, clock.millis());
            }
            return row;
        });
        if (account.password().isEmpty()) {
            requireNone(given);
            return account;
        }
        verify(account, given, counted);
        boolean unused = database.transaction(handle -> {
            counted.forEach(each -> throttle.forget(handle, each));
            return true;
        });
        return account;
    }

    private static void requireNone(byte[] given) {
        if (given.length > 0) {
            throw new ServiceException(ServiceError.FORBIDDEN, "the account has no password: leave it empty");
        }
    }

    private void verify(AccountTable.Row account, byte[] given, List<Counted> counted) {
        Optional<byte[]> password = Passwords.offered(given);
        try {
            if (password.isEmpty() || !isRight(account, password.get(), counted)) {
                throw new ServiceException(ServiceError.FORBIDDEN, "the password is wrong");
            }
        } finally {
            password.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
        }
    }

    private boolean isRight(AccountTable.Row account, byte[] password, List<Counted> counted) {
        try {
            return hasher.verify(account.id(), password, account.password());
        } catch (ServiceException e) {
            // It was not looked at, so it was no attempt.
            boolean unused = database.transaction(handle -> {
                throttle.giveBack(handle, counted);
                return true;
            });
            throw e;
        }
    }
}
