package io.ferrymesh.provider.api.streams;

import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.scheme.MigrationId;
import java.util.List;

/** Where a stream's events come from. Worker threads. */
record EventSource(AccountService accounts, MigrationService migrations, Authenticated who, MigrationId id) {

    private static final int PAGE = 100;

    /** What is new, and how the migration stands after it. */
    record News(List<MigrationEvent> events, MigrationView now) {

        /** Whether nothing more comes unless somebody begins it again. */
        boolean isLast() {
            boolean ended =
                    switch (now.state()) {
                        case COMPLETED, FAILED, CANCELLED -> true;
                        case QUEUED, CONNECTING, RUNNING, PAUSED -> false;
                    };
            return ended && (events.isEmpty() || events.get(events.size() - 1).state() == now.state());
        }
    }

    News news(long after) {
        List<MigrationEvent> events = migrations.events(who.account(), id, after, PAGE);
        return new News(events, migrations.show(who.account(), id));
    }

    boolean isSessionAlive() {
        return accounts.sessions(who.account()).stream()
                .anyMatch(session -> session.id().equals(who.sessionId()));
    }
}
