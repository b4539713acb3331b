package io.ferrymesh.cli.user;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A user's webhooks. */
public final class WebhookClient {

    private static final String WEBHOOKS = "/v1/account/webhooks";

    private final UserClient user;

    public WebhookClient(UserClient user) {
        this.user = user;
    }

    /** All of them, by name. */
    public void list(Consumer<JsonObject> each) throws IOException, InterruptedException {
        user.get(WEBHOOKS).getJsonArray("webhooks").forEach(item -> each.accept((JsonObject) item));
    }

    /** Makes or changes one; a fresh one has its secret. */
    public JsonObject put(String name, String url, List<String> types) throws IOException, InterruptedException {
        JsonObject body = new JsonObject().put("url", url).put("types", new JsonArray(types));
        return user.send("PUT", path(name), body);
    }

    /** Removes one. */
    public void remove(String name) throws IOException, InterruptedException {
        user.tell("DELETE", path(name), Optional.empty());
    }

    private static String path(String name) {
        return WEBHOOKS + "/" + ProviderHttp.encoded(name);
    }
}
