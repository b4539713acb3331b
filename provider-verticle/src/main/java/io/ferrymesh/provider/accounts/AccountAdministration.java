package io.ferrymesh.provider.accounts;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.Page;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * What the operator does with accounts, beside running processes, which take it up within a second. Knows accounts by name.
 * Fails with {@link ServiceException} NOT_FOUND, CONFLICT or INVALID, and with DatabaseException. Blocks.
 */
public final class AccountAdministration {

    /** Where an account stands. */
    public enum State {
        ACTIVE,
        LOCKED,
        ERASING
    }

    /**
     * An account as its operator sees it.
     *
     * @param quotaBytes empty for the provider's default
     * @param usedBytes empty until it was counted
     */
    public record Listed(
            long id, String name, State state, OptionalLong quotaBytes, OptionalLong usedBytes, Instant createdAt) {}

    private static final int MOST_LISTED = 1_000;

    private final Database database;
    private final Clock clock;

    public AccountAdministration(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** By name, those after {@code after}; at most {@code limit}, 1 to 1,000. The next part begins after the last name. */
    public Page<Listed> list(Optional<String> after, int limit) {
        if (limit < 1 || limit > MOST_LISTED) {
            throw new ServiceException(ServiceError.INVALID, "limit is 1 to 1000: " + limit);
        }
        List<Listed> found = database.read(
                handle -> handle.createQuery("SELECT * FROM account WHERE name > :after ORDER BY name LIMIT :limit")
                        .bind("after", after.orElse(""))
                        .bind("limit", limit)
                        .map((row, context) -> listed(row))
                        .list());
        Optional<String> next = found.size() < limit
                ? Optional.empty()
                : Optional.of(found.get(limit - 1).name());
        return new Page<>(found, next);
    }

    /** One by its name. */
    public Listed show(String name) {
        return database.read(handle -> handle.createQuery("SELECT * FROM account WHERE name = :name")
                        .bind("name", known(name))
                        .map((row, context) -> listed(row))
                        .findOne())
                .orElseThrow(AccountAdministration::notFound);
    }

    /** Ends every session and lets nobody log in. Done again it does nothing. */
    public void lock(String name) {
        boolean unused = database.transaction(handle -> {
            long id = update(handle, name, "locked_at = COALESCE(locked_at, :value)", OptionalLong.of(clock.millis()));
            return handle.execute("DELETE FROM session WHERE account = ?", id) > 0;
        });
    }

    /** Lets the owner log in again. Done again it does nothing. */
    public void unlock(String name) {
        long unused = database.transaction(
                handle -> update(handle, name, "locked_at = CAST(:value AS BIGINT)", OptionalLong.empty()));
    }

    /** Sets an account's space in bytes; empty for the provider's default. */
    public void setQuota(String name, OptionalLong quotaBytes) {
        if (quotaBytes.isPresent() && quotaBytes.getAsLong() < 0) {
            throw new ServiceException(ServiceError.INVALID, "a quota is at least 0: " + quotaBytes.getAsLong());
        }
        long unused = database.transaction(
                handle -> update(handle, name, "quota_bytes = CAST(:value AS BIGINT)", quotaBytes));
    }

    /** Begins to erase an account with all its data, as its owner can. */
    public void delete(String name) {
        boolean unused = database.transaction(handle -> {
            AccountTable.Row account = AccountTable.byName(handle, known(name))
                    .filter(AccountTable.Row::active)
                    .orElseThrow(AccountAdministration::notFound);
            return AccountTable.beginErasing(handle, account.id(), clock.millis());
        });
    }

    /**
     * Makes an account, whether registration is open or not. Wipes the password. CONFLICT, INVALID; FORBIDDEN past the most; UNAVAILABLE.
     *
     * @param keys of the provider, under which its processes check the password
     */
    public Listed create(
            AccountKeys keys,
            AccountOptions options,
            FreeNumbers numbers,
            SecureRandom random,
            String givenName,
            byte[] given) {
        byte[] password = new byte[0];
        try (AccountSecrets secrets = new AccountSecrets(keys)) {
            String name = AccountNames.chosen(givenName);
            password = Passwords.chosen(name, given);
            PasswordHasher hasher =
                    new PasswordHasher(secrets, options.passwordCost(), 1, random, new SimpleMeterRegistry());
            NewAccounts accounts = new NewAccounts(options.maxAccounts(), numbers, random);
            long id = accounts.free(database, database.transaction(AccountTable::nextId));
            String hash = hasher.hash(id, password);
            byte[] userHandle = accounts.newUserHandle();
            AccountTable.Row unused = database.transaction(
                    handle -> accounts.create(handle, id, name, Optional.of(hash), userHandle, clock.millis()));
            return show(name);
        } finally {
            Arrays.fill(password, (byte) 0);
            Arrays.fill(given, (byte) 0);
        }
    }

    /** Of an account that is not being erased; returns its number. */
    private static long update(Handle handle, String name, String what, OptionalLong value) {
        return handle.createQuery(
                        "UPDATE account SET " + what + " WHERE name = :name AND state = 'ACTIVE' RETURNING id")
                .bind("value", value.isPresent() ? (Long) value.getAsLong() : null)
                .bind("name", known(name))
                .mapTo(Long.class)
                .findOne()
                .orElseThrow(AccountAdministration::notFound);
    }

    private static String known(String name) {
        return AccountNames.known(name).orElseThrow(AccountAdministration::notFound);
    }

    private static ServiceException notFound() {
        return new ServiceException(ServiceError.NOT_FOUND, "there is no such account");
    }

    private static Listed listed(ResultSet row) throws SQLException {
        boolean erasing = row.getString("state").equals("ERASING");
        boolean locked = optional(row, "locked_at").isPresent();
        State state = erasing ? State.ERASING : locked ? State.LOCKED : State.ACTIVE;
        return new Listed(
                row.getLong("id"),
                row.getString("name"),
                state,
                optional(row, "quota_bytes"),
                optional(row, "used_bytes"),
                Instant.ofEpochMilli(row.getLong("created_at")));
    }

    private static OptionalLong optional(ResultSet row, String name) throws SQLException {
        long value = row.getLong(name);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
