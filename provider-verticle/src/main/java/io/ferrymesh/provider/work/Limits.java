package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * How many grants and migrations each account may begin. Each takes two of the provider's pseudonyms, of which the key centre
 * gives only so many a day, so no account may have all of them. What one does not use comes back evenly over an hour.
 */
final class Limits {

    private static final long HOUR_MS = 3_600_000;

    private final WorkOptions options;

    Limits(WorkOptions options) {
        this.options = options;
    }

    /** Takes one from an account's budget, and makes its other starts wait until this transaction ends. OVERLOADED. */
    void spend(Handle handle, AccountId account, long now) {
        long each = HOUR_MS / options.maxStartsPerAccountHour();
        Statements.run(handle.createUpdate(
                        "INSERT INTO start_budget (account, full_at) VALUES (:account, 0) ON CONFLICT DO NOTHING")
                .bind("account", account.value()));
        String from = "CASE WHEN full_at > :now THEN full_at ELSE :now END";
        boolean spent = handle.createUpdate("UPDATE start_budget SET full_at = " + from + " + :each"
                                + " WHERE account = :account AND " + from + " + :each <= :latest")
                        .bind("now", now)
                        .bind("each", each)
                        .bind("latest", now + each * options.maxStartsPerAccountHour())
                        .bind("account", account.value())
                        .execute()
                == 1;
        if (!spent) {
            long full = handle.createQuery("SELECT full_at FROM start_budget WHERE account = :account")
                    .bind("account", account.value())
                    .mapTo(Long.class)
                    .one();
            long overMs = full + each - (now + each * options.maxStartsPerAccountHour());
            throw new ServiceException(
                    ServiceError.OVERLOADED,
                    "you may begin " + options.maxStartsPerAccountHour() + " grants and migrations an hour",
                    OptionalLong.of(Math.max(1, (overMs + 999) / 1_000)));
        }
    }

    /** OVERLOADED when there are as many as an account may have. */
    void requireRoom(long live) {
        if (live >= options.maxLivePerAccount()) {
            throw new ServiceException(
                    ServiceError.OVERLOADED,
                    "you have " + live + " of these that have not ended yet; at most " + options.maxLivePerAccount());
        }
    }
}
