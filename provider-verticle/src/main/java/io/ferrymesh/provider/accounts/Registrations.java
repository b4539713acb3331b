package io.ferrymesh.provider.accounts;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.Tokens;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** New accounts that people make for themselves. Every attempt counts against the network it comes from, also at a taken name. */
final class Registrations {

    /** Somebody who may try: their account's number, or none where the name is taken. */
    private record Admitted(long id, boolean taken) {}

    private final Database database;
    private final AccountOptions options;
    private final Clock clock;
    private final PasswordHasher hasher;
    private final Throttle throttle;
    private final KnownNetworks networks;
    private final Devices devices;
    private final Sessions sessions;
    private final NewAccounts accounts;
    private final AccountMetrics metrics;

    Registrations(Parts parts) {
        this.database = parts.database();
        this.options = parts.options();
        this.clock = parts.clock();
        this.hasher = parts.hasher();
        this.throttle = parts.throttle();
        this.networks = parts.networks();
        this.devices = parts.devices();
        this.sessions = parts.sessions();
        this.accounts = parts.accounts();
        this.metrics = parts.metrics();
    }

    /** FORBIDDEN where only the operator makes accounts. */
    void requireOpen() {
        if (!options.registrationOpen()) {
            throw new ServiceException(
                    ServiceError.FORBIDDEN, "registration is closed: ask the operator for an account");
        }
    }

    Tokens withPassword(String givenName, byte[] given, String from) {
        requireOpen();
        String name = AccountNames.chosen(givenName);
        byte[] password = Passwords.chosen(name, given);
        try {
            byte[] network = Networks.of(from);
            long id = admit(name, network);
            String hash = hashed(id, password, network);
            byte[] userHandle = accounts.newUserHandle();
            Tokens tokens = database.transaction(handle -> {
                AccountTable.Row account =
                        accounts.create(handle, id, name, Optional.of(hash), userHandle, clock.millis());
                return loggedIn(handle, account, Sessions.Method.PASSWORD, network);
            });
            metrics.registered(Sessions.Method.PASSWORD);
            return tokens.withDevice(devices.token(name, Optional.of(hash), Optional.empty(), clock.millis()));
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private String hashed(long id, byte[] password, byte[] network) {
        try {
            return hasher.hash(id, password);
        } catch (ServiceException e) {
            giveBack(network);
            throw e;
        }
    }

    private void giveBack(byte[] network) {
        boolean unused = database.transaction(handle -> {
            throttle.giveBack(handle, counted(network));
            return true;
        });
    }

    /** For a passkey that was verified. */
    Tokens withPasskey(String name, byte[] userHandle, String from, PasskeyKeeper keeper) {
        byte[] network = Networks.of(from);
        long id = admit(name, network);
        Tokens tokens = database.transaction(handle -> {
            AccountTable.Row account = accounts.create(handle, id, name, Optional.empty(), userHandle, clock.millis());
            keeper.keep(handle, account);
            return loggedIn(handle, account, Sessions.Method.PASSKEY, network);
        });
        metrics.registered(Sessions.Method.PASSKEY);
        return tokens;
    }

    /** Stores the passkey of an account that was just made. */
    interface PasskeyKeeper {
        void keep(Handle handle, AccountTable.Row account);
    }

    private Tokens loggedIn(Handle handle, AccountTable.Row account, Sessions.Method method, byte[] network) {
        networks.remember(handle, account, network, clock.millis());
        return sessions.begin(handle, account, method);
    }

    /** The new account's number. CONFLICT, THROTTLED, UNAVAILABLE. */
    private long admit(String name, byte[] network) {
        Admitted admitted = database.transaction(handle -> {
            throttle.charge(handle, counted(network), clock.millis());
            boolean taken = AccountTable.byName(handle, name).isPresent();
            return new Admitted(taken ? 0 : AccountTable.nextId(handle), taken);
        });
        if (admitted.taken()) {
            throw NewAccounts.taken(name);
        }
        return accounts.free(database, admitted.id());
    }

    private List<Throttle.Counted> counted(byte[] network) {
        return List.of(throttle.counted(Throttle.Rule.REGISTRATION, network));
    }
}
