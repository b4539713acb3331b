package io.ferrymesh.provider.api.streams;

import io.ferrymesh.provider.api.exchange.Views;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.EventService;
import java.util.Optional;

/** What one account is told, which never ends. */
record AccountFeed(AccountService accounts, EventService events, Account account) implements EventSource {

    @Override
    public News news(long after) {
        return new News(
                after,
                events.events(account, after, PAGE).stream()
                        .map(event -> new Item(event.number(), event.type().text(), Views.of(event)))
                        .toList(),
                Optional.empty(),
                false);
    }
}
