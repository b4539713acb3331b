package io.ferrymesh.provider.api;

import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.EventService;
import io.ferrymesh.provider.service.GrantService;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.provider.service.WebhookService;
import io.ferrymesh.scheme.KgcPublicKey;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the API asks, on worker threads.
 *
 * @param keyCentre the key centre's keys that are trusted now; fails while they are not known
 */
public record ApiServices(
        AccountService accounts,
        GrantService grants,
        MigrationService migrations,
        EventService events,
        WebhookService webhooks,
        UserStores stores,
        Supplier<List<KgcPublicKey>> keyCentre) {}
