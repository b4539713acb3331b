package io.ferrymesh.provider.api.streams;

import io.ferrymesh.provider.api.exchange.Views;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.ProgressView;
import io.ferrymesh.scheme.MigrationId;
import java.util.List;
import java.util.Optional;

/** What happens in one migration, until it has ended. */
record MigrationEvents(AccountService accounts, MigrationService migrations, Account account, MigrationId id)
        implements EventSource {

    @Override
    public News news(long after) {
        MigrationView now = migrations.show(account, id);
        List<MigrationEvent> events = migrations.events(account, id, after, PAGE);
        List<Item> items = events.stream()
                .map(event -> new Item(event.number(), "state", Views.of(event)))
                .toList();
        boolean begun = !now.progress().equals(ProgressView.NONE);
        return new News(
                after,
                items,
                begun ? Optional.of(Views.of(now.progress())) : Optional.empty(),
                isLast(events, now.state()));
    }

    private static boolean isLast(List<MigrationEvent> events, MigrationView.State state) {
        boolean ended =
                switch (state) {
                    case COMPLETED, FAILED, CANCELLED -> true;
                    case SCHEDULED, QUEUED, CONNECTING, RUNNING, MIRRORING, PAUSED -> false;
                };
        return ended
                && events.size() < PAGE
                && (events.isEmpty() || events.get(events.size() - 1).state() == state);
    }
}
