package io.ferrymesh.provider.api;

import io.ferrymesh.provider.service.Page;
import io.ferrymesh.web.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;

/** Answers that are lists. */
final class Lists {

    private Lists() {}

    /** A whole list, under a name. */
    static <T> Reply reply(String name, List<T> items, Function<T, JsonObject> view) {
        return Reply.json(200, json(name, items, view));
    }

    /** A part of one, with where the next begins. */
    static <T> Reply reply(String name, Page<T> page, Function<T, JsonObject> view) {
        JsonObject json = json(name, page.items(), view);
        page.next().ifPresent(next -> json.put("next", next));
        return Reply.json(200, json);
    }

    private static <T> JsonObject json(String name, List<T> items, Function<T, JsonObject> view) {
        return new JsonObject().put(name, new JsonArray(items.stream().map(view).toList()));
    }
}
