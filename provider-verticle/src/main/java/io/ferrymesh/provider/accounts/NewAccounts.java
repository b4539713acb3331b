package io.ferrymesh.provider.accounts;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import java.security.SecureRandom;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes accounts, whoever asks. */
final class NewAccounts {

    static final int HANDLE_BYTES = 32;

    /** As often as steps that double reach farther than any database counts. */
    private static final int TRIES = 40;

    private static final Logger LOG = LoggerFactory.getLogger(NewAccounts.class);

    private final long most;
    private final FreeNumbers numbers;
    private final SecureRandom random;

    NewAccounts(long most, FreeNumbers numbers, SecureRandom random) {
        this.most = most;
        this.numbers = numbers;
        this.random = random;
    }

    /** What authenticators know an account by; says nothing of it. */
    byte[] newUserHandle() {
        byte[] handle = new byte[HANDLE_BYTES];
        random.nextBytes(handle);
        return handle;
    }

    /**
     * The number that was drawn, or one after it if there are objects under it: the database was put back to before they came, and
     * their account is gone from it. Goes on in steps that double. Not within a transaction, for it asks the store. UNAVAILABLE.
     */
    long free(Database database, long drawn) {
        long number = drawn;
        for (int tries = 0; tries < TRIES; tries++) {
            if (numbers.isFree(number)) {
                return number;
            }
            LOG.warn(
                    "number {} is not given to a new account: there are objects under it. If the database was put back to"
                            + " an earlier state, ferrymesh provider restored has to be run",
                    number);
            long step = 1L << Math.min(tries, 30);
            number = database.transaction(handle -> AccountTable.nextId(handle, step));
        }
        throw new ServiceException(ServiceError.UNAVAILABLE, "no number is free for an account");
    }

    /** CONFLICT, FORBIDDEN. Nobody else registers until the transaction ends. */
    AccountTable.Row create(
            Handle handle, long id, String name, Optional<String> password, byte[] userHandle, long now) {
        AccountTable.lockRegistration(handle);
        if (AccountTable.byName(handle, name).isPresent()) {
            throw taken(name);
        }
        if (AccountTable.count(handle) >= most) {
            throw new ServiceException(ServiceError.FORBIDDEN, "this provider has no room for more accounts");
        }
        AccountTable.Row account = new AccountTable.Row(id, name, true, false, password, userHandle);
        AccountTable.insert(handle, account, now);
        return account;
    }

    static ServiceException taken(String name) {
        return new ServiceException(ServiceError.CONFLICT, "the name " + name + " is taken");
    }
}
