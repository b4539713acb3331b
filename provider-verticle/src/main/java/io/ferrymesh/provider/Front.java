package io.ferrymesh.provider;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;

/** What answers on the API's port: that the provider is starting, and then the API. Event loop only. */
final class Front implements Handler<HttpServerRequest> {

    private Router current;

    Front(Vertx vertx) {
        current = Router.router(vertx);
        current.get("/v1/health").handler(ctx -> Reply.json(503, new JsonObject().put("status", "STARTING"))
                .send(ctx.response()));
        current.route().handler(ctx -> Reply.problem(new Problem(503, "UNAVAILABLE", "the provider is starting"))
                .send(ctx.response()));
    }

    void open(Router api) {
        current = api;
    }

    @Override
    public void handle(HttpServerRequest request) {
        current.handle(request);
    }

    /** The answer to who asks how the provider is. */
    static Reply health(List<HealthReason> reasons) {
        if (reasons.isEmpty()) {
            return Reply.json(200, new JsonObject().put("status", "UP"));
        }
        JsonArray told = new JsonArray();
        reasons.forEach(
                reason -> told.add(new JsonObject().put("code", reason.code()).put("detail", reason.detail())));
        return Reply.json(503, new JsonObject().put("status", "DEGRADED").put("reasons", told));
    }
}
