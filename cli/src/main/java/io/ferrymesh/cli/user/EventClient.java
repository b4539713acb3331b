package io.ferrymesh.cli.user;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.function.Consumer;

/** What a user's account is told. */
public final class EventClient {

    private static final int PAGE = 1_000;

    private final UserClient user;

    public EventClient(UserClient user) {
        this.user = user;
    }

    /** All that there is with a number over one, in order; the last number. */
    public long list(long after, Consumer<JsonObject> each) throws IOException, InterruptedException {
        long last = after;
        JsonArray page;
        do {
            page = user.get("/v1/events?limit=" + PAGE + "&after=" + last).getJsonArray("events");
            for (int i = 0; i < page.size(); i++) {
                JsonObject event = page.getJsonObject(i);
                each.accept(event);
                last = event.getLong("number");
            }
        } while (page.size() == PAGE);
        return last;
    }

    /** What comes after a number, until the provider ends it. */
    public void follow(long after, Consumer<JsonObject> each) throws IOException, InterruptedException {
        ServerSentEvents.read(user, "/v1/events/stream", after, each);
    }
}
