package io.ferrymesh.provider.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Whether the provider can serve.
 *
 * @param reasons why not, or not all of it
 */
public record ApiHealth(Status status, List<Reason> reasons) {

    /** It can. */
    public static final ApiHealth UP = new ApiHealth(Status.UP, List.of());

    /** How it is. */
    public enum Status {
        UP,
        STARTING,
        DEGRADED,
        STOPPING
    }

    /** One thing that is wrong, for who runs the provider; holds no secret and no name. */
    public record Reason(String code, String detail) {}

    public ApiHealth {
        reasons = List.copyOf(reasons);
    }

    /** Schema Health. */
    JsonObject toJson() {
        JsonObject json = new JsonObject().put("status", status.name());
        if (!reasons.isEmpty()) {
            json.put(
                    "reasons",
                    new JsonArray(reasons.stream()
                            .map(reason ->
                                    new JsonObject().put("code", reason.code()).put("detail", reason.detail()))
                            .toList()));
        }
        return json;
    }
}
