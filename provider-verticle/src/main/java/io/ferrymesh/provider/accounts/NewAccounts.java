package io.ferrymesh.provider.accounts;

import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import java.security.SecureRandom;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Makes accounts, whoever asks. */
final class NewAccounts {

    static final int HANDLE_BYTES = 32;

    private final long most;
    private final SecureRandom random;

    NewAccounts(long most, SecureRandom random) {
        this.most = most;
        this.random = random;
    }

    /** What authenticators know an account by; says nothing of it. */
    byte[] newUserHandle() {
        byte[] handle = new byte[HANDLE_BYTES];
        random.nextBytes(handle);
        return handle;
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
