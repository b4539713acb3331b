package io.ferrymesh.provider.service;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Where an account wants to be told of its events.
 *
 * @param name what its owner calls it
 * @param types which events; empty for all
 * @param waiting events that it has not been told of yet
 * @param lastError why the last try failed; empty after one that did not
 */
public record WebhookView(
        String name,
        URI url,
        Set<EventType> types,
        Instant createdAt,
        Optional<Instant> deliveredAt,
        Optional<String> lastError,
        long waiting) {

    public WebhookView {
        types = Set.copyOf(types);
    }
}
