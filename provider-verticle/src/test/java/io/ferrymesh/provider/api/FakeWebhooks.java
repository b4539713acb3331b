package io.ferrymesh.provider.api;

import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.WebhookService;
import io.ferrymesh.provider.service.WebhookView;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A webhook for whoever asks. */
final class FakeWebhooks implements WebhookService {

    @Override
    public List<WebhookView> list(Account account) {
        return List.of(webhook("my-hook", "https://hooks.example.org/", Set.of()));
    }

    @Override
    public Kept put(Account account, String name, String url, Set<EventType> types) {
        return new Kept(true, webhook(name, url, types), Optional.of("whsec_AAAA"));
    }

    @Override
    public void remove(Account account, String name) {}

    private static WebhookView webhook(String name, String url, Set<EventType> types) {
        return new WebhookView(
                name,
                URI.create(url),
                types,
                FakeMoves.AT,
                Optional.of(FakeMoves.AT),
                Optional.of("it answered 500"),
                3);
    }
}
