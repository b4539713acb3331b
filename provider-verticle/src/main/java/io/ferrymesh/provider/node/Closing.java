package io.ferrymesh.provider.node;

import io.ferrymesh.provider.accounts.Accounts;
import io.ferrymesh.provider.api.ProviderApi;
import io.ferrymesh.provider.ops.ManagementServer;
import io.ferrymesh.provider.ops.Shutdown;
import io.ferrymesh.provider.work.Work;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** What has been opened so far, and how it is closed; a start that fails half-way closes what there is. */
final class Closing {

    private volatile Optional<Accounts> accounts = Optional.empty();
    private volatile Optional<Work> work = Optional.empty();
    private volatile Optional<ManagementServer> management = Optional.empty();
    private volatile Optional<ProviderApi.Running> api = Optional.empty();
    private volatile Optional<String> deployed = Optional.empty();

    void add(Accounts opened) {
        accounts = Optional.of(opened);
    }

    void add(Work opened) {
        work = Optional.of(opened);
    }

    void add(ManagementServer listening) {
        management = Optional.of(listening);
    }

    void add(ProviderApi.Running listening) {
        api = Optional.of(listening);
    }

    /** Deploys it, to be undeployed at the end. */
    Future<String> deployed(Vertx vertx, Deployable verticle) {
        return vertx.deployVerticle(verticle).onSuccess(id -> deployed = Optional.of(id));
    }

    /** The API is stopped on the event loop it was started from, which is this one. */
    Shutdown.Steps steps(Vertx vertx, Context loop) {
        return new Shutdown.Steps(
                grace -> on(loop, () -> stopAccepting(grace)), () -> handOver(vertx), () -> close(vertx));
    }

    private Future<Void> stopAccepting(Duration grace) {
        return api.map(listening -> listening.stop(grace)).orElse(Future.succeededFuture());
    }

    private Future<Void> handOver(Vertx vertx) {
        return work.map(of -> vertx.<Void>executeBlocking(() -> {
                    of.handOver();
                    return null;
                }))
                .orElse(Future.succeededFuture());
    }

    private Future<Void> close(Vertx vertx) {
        Future<Void> gone = deployed.map(vertx::undeploy).orElse(Future.succeededFuture());
        return gone.eventually(() -> management.map(ManagementServer::stop).orElse(Future.succeededFuture()))
                .onComplete(done -> accounts.ifPresent(Accounts::close));
    }

    private static Future<Void> on(Context loop, Supplier<Future<Void>> step) {
        Promise<Void> done = Promise.promise();
        loop.runOnContext(go -> step.get().onComplete(done));
        return done.future();
    }
}
