package io.ferrymesh.provider.api;

import io.ferrymesh.provider.api.exchange.Views;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.WebhookService;
import io.ferrymesh.web.Reply;
import io.vertx.core.json.JsonArray;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Webhooks. Worker threads. */
final class WebhookHandlers {

    private final WebhookService webhooks;

    WebhookHandlers(WebhookService webhooks) {
        this.webhooks = webhooks;
    }

    /** By operationId. */
    Map<String, Function<Call, Reply>> byOperation() {
        return Map.of(
                "listWebhooks",
                call -> Lists.reply("webhooks", webhooks.list(call.account()), Views::of),
                "putWebhook",
                this::put,
                "removeWebhook",
                this::remove);
    }

    private Reply put(Call call) {
        WebhookService.Kept kept = webhooks.put(call.account(), call.named("webhookId"), call.text("url"), types(call));
        return Reply.json(kept.fresh() ? 201 : 200, Views.of(kept));
    }

    private Reply remove(Call call) {
        webhooks.remove(call.account(), call.named("webhookId"));
        return Reply.empty(204);
    }

    /** The document allows only those that there are. */
    private static Set<EventType> types(Call call) {
        JsonArray named = call.body().getJsonArray("types", new JsonArray());
        Set<EventType> types = new HashSet<>();
        for (int i = 0; i < named.size(); i++) {
            boolean unused = types.add(EventType.of(named.getString(i)));
        }
        return types;
    }
}
