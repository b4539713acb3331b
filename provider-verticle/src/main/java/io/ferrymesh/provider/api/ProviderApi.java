package io.ferrymesh.provider.api;

import io.ferrymesh.provider.api.exchange.Counts;
import io.ferrymesh.provider.api.exchange.Pools;
import io.ferrymesh.provider.api.exchange.Shares;
import io.ferrymesh.provider.api.exchange.Turns;
import io.ferrymesh.provider.api.exchange.Workers;
import io.ferrymesh.provider.api.objects.ObjectRequests;
import io.ferrymesh.provider.api.objects.ObjectUrls;
import io.ferrymesh.provider.api.streams.EventStreams;
import io.ferrymesh.web.Contract;
import io.ferrymesh.web.WebServer;
import io.ferrymesh.web.WebServerOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.openapi.contract.Operation;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** The users' API, running: every request finds its way from here. */
public final class ProviderApi {

    private static final String OBJECT = "/v1/objects/x";

    private final Contract contract;
    private final Router router;
    private final ObjectRequests objects;
    private final Counts counts;

    private ProviderApi(Contract contract, Router router, ObjectRequests objects, Counts counts) {
        this.contract = contract;
        this.router = router;
        this.objects = objects;
        this.counts = counts;
    }

    /**
     * An API that listens.
     *
     * @param events which end before the server stops
     */
    public record Running(WebServer server, EventStreams events) {

        /** Where it is. */
        public URI uri() {
            return server.uri();
        }

        /** When its TLS certificate runs out; empty without one. Any thread. */
        public Optional<Instant> certificateExpires() {
            return server.certificateExpires();
        }

        /**
         * Takes no more requests, ends event streams, lets what else is under way end for so long, and breaks off what is left.
         * Called on the event loop it was started from.
         */
        public Future<Void> stop(Duration grace) {
            events.stop();
            return server.stop(grace);
        }
    }

    /**
     * Listens once it completes. The services are called on workers of the API's own, {@code health} on its event loop, so it
     * must not block.
     */
    public static Future<Running> start(
            Vertx vertx,
            WebServerOptions web,
            ApiOptions options,
            ApiServices services,
            Supplier<ApiHealth> health,
            MeterRegistry meters) {
        return start(vertx, web, options, services, health, meters, Clock.systemUTC());
    }

    /** With another clock. */
    public static Future<Running> start(
            Vertx vertx,
            WebServerOptions web,
            ApiOptions options,
            ApiServices services,
            Supplier<ApiHealth> health,
            MeterRegistry meters,
            Clock clock) {
        Workers workers = new Workers(vertx, "api", options.workers(), options.waiting());
        Workers passwords = new Workers(vertx, "passwords", options.passwordWorkers(), options.passwordsWaiting());
        Shares shares = new Shares(vertx, workers, options.workers(), ApiOptions.WAITING_PER_ACCOUNT);
        Workers strangers = new Workers(vertx, "strangers", options.passwordWorkers(), options.passwordsWaiting());
        Workers registrations =
                new Workers(vertx, "registrations", options.passwordWorkers(), options.passwordsWaiting());
        Pools pools = new Pools(workers, shares, passwords, registrations, strangers);
        EventStreams events = new EventStreams(
                vertx,
                new Workers(vertx, "events", ApiOptions.EVENT_WORKERS, options.eventStreams()),
                services.accounts(),
                services.migrations(),
                services.events(),
                options.eventStreamsPerAccount(),
                options.eventStreams(),
                options.eventTimes());
        Turns turns = new Turns(options.transfersPerAccount());
        ObjectRequests objects = new ObjectRequests(
                services.accounts(), services.stores(), workers, shares, turns, clock, options.maxObjectBytes());
        return Contract.load(vertx, ProviderApi.class, "openapi.json").compose(contract -> {
            Counts counts = new Counts(meters);
            Router router = new ApiRouter(contract, services, pools, turns, events, health, counts, options.proxies())
                    .router(vertx);
            ProviderApi api = new ProviderApi(contract, router, objects, counts);
            return WebServer.start(vertx, web, api::handle).map(server -> new Running(server, events));
        });
    }

    private void handle(HttpServerRequest request) {
        if (!String.valueOf(request.path()).startsWith(ObjectUrls.PREFIX)) {
            router.handle(request);
            return;
        }
        Operation operation = contract.api().findOperation(OBJECT, request.method());
        String named = operation == null ? "none" : operation.getOperationId();
        request.response()
                .endHandler(ended -> counts.answered(named, request.response().getStatusCode()));
        objects.handle(request);
    }
}
