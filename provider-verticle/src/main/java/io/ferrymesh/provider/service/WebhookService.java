package io.ferrymesh.provider.service;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where accounts want to be told of their events. Every process of the provider answers alike. Failures are {@link ServiceException}s. */
public interface WebhookService {

    /**
     * One that was kept. Prints without the secret.
     *
     * @param fresh whether there was none of that name
     * @param secret what its requests are signed with, of a fresh one: shown this once
     */
    record Kept(boolean fresh, WebhookView webhook, Optional<String> secret) {

        @Override
        public String toString() {
            return "Kept[" + fresh + ", " + webhook + "]";
        }
    }

    /** By name. */
    List<WebhookView> list(Account account);

    /**
     * Makes one, or changes where one of that name is and what it is told; its secret stays. INVALID for a URL that nobody may be sent
     * to, CONFLICT for more than an account may have, FORBIDDEN where there are none.
     */
    Kept put(Account account, String name, String url, Set<EventType> types);

    /** NOT_FOUND. What it has not been told of it is not told any more. */
    void remove(Account account, String name);
}
