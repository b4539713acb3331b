package io.ferrymesh.provider.api.streams;

import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.SessionInfo;
import io.ferrymesh.scheme.MigrationId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a migration's events come from. Worker threads. */
record EventSource(AccountService accounts, MigrationService migrations, Account account, MigrationId id) {

    private static final int PAGE = 100;

    /**
     * What is new, and how the migration stands.
     *
     * @param after the number that the events come after
     * @param now not later than the last event, unless there are more
     */
    record News(long after, List<MigrationEvent> events, MigrationView now) {

        /** Whether nothing more comes unless somebody begins it again. */
        boolean isLast() {
            boolean ended =
                    switch (now.state()) {
                        case COMPLETED, FAILED, CANCELLED -> true;
                        case QUEUED, CONNECTING, RUNNING, PAUSED -> false;
                    };
            return ended
                    && events.size() < PAGE
                    && (events.isEmpty() || events.get(events.size() - 1).state() == now.state());
        }
    }

    News news(long after) {
        MigrationView now = migrations.show(account, id);
        return new News(after, migrations.events(account, id, after, PAGE), now);
    }

    /** Names of the account's sessions. */
    Set<String> liveSessions() {
        return accounts.sessions(account).stream().map(SessionInfo::id).collect(Collectors.toUnmodifiableSet());
    }
}
