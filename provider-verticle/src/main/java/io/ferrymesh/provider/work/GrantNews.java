package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.scheme.MigrationId;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Tells an account what becomes of one grant that this process offers. The work thread only. */
final class GrantNews {

    /** How often it is told that somebody is refused. */
    private static final long REFUSALS_MS = 60_000;

    private final AccountId account;
    private final MigrationId id;
    private long refused;
    private long refusedAtMs;

    GrantNews(AccountId account, MigrationId id) {
        this.account = account;
        this.id = id;
    }

    /** The grant stands otherwise than before; true, so that the transaction goes on. */
    boolean changed(Handle handle, GrantTable.Standing now, long nowMs) {
        EventType type =
                switch (now.state()) {
                    case RUNNING -> EventType.GRANT_USED;
                    case COMPLETED -> EventType.GRANT_COMPLETED;
                    case FAILED -> EventType.GRANT_FAILED;
                    case EXPIRED -> EventType.GRANT_EXPIRED;
                    case WITHDRAWN -> EventType.GRANT_WITHDRAWN;
                    case WAITING -> EventType.GRANT_WAITING;
                };
        AccountEvents.add(
                handle, account, AccountEvents.grant(type, id, now.peer(), now.failure(), OptionalLong.empty()), nowMs);
        return true;
    }

    /** So many were refused since this process offers it; who tries again and again is told of once a minute. */
    void refused(Database database, long times, long now) {
        long more = times - refused;
        if (more <= 0 || Math.abs(now - refusedAtMs) < REFUSALS_MS) {
            return;
        }
        boolean unused = database.transaction(handle -> {
            AccountEvents.add(
                    handle,
                    account,
                    AccountEvents.grant(
                            EventType.GRANT_REFUSED, id, Optional.empty(), Optional.empty(), OptionalLong.of(more)),
                    now);
            return true;
        });
        refused = times;
        refusedAtMs = now;
    }
}
