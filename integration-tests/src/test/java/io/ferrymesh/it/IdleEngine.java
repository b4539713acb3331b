package io.ferrymesh.it;

import io.ferrymesh.provider.EngineStarter;
import io.ferrymesh.provider.ProviderKeys;
import io.ferrymesh.provider.engine.DestinationStatus;
import io.ferrymesh.provider.engine.GrantOffer;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.engine.MigrationOrder;
import io.ferrymesh.provider.engine.SourceStatus;
import io.ferrymesh.provider.options.Selection;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectInfo;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** An engine that takes every order and does nothing. */
final class IdleEngine implements MigrationEngine, EngineStarter {

    @Override
    public Future<MigrationEngine> start(ProviderKeys keys) {
        return Future.succeededFuture(this);
    }

    @Override
    public Future<Void> offer(GrantOffer offer) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> withdraw(MigrationId id) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> begin(MigrationOrder order) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> release(MigrationId id) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> limit(MigrationId id, OptionalLong bytesPerSecond) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> stop(MigrationId id) {
        return Future.succeededFuture();
    }

    @Override
    public Predicate<ObjectInfo> selects(Selection selection) {
        return info -> true;
    }

    @Override
    public Optional<SourceStatus> source(MigrationId id) {
        return Optional.empty();
    }

    @Override
    public Optional<DestinationStatus> destination(MigrationId id) {
        return Optional.empty();
    }

    @Override
    public int waitingTasks() {
        return 0;
    }

    @Override
    public long steps(MigrationId id) {
        return 0;
    }

    @Override
    public Future<Void> cancel(MigrationId id) {
        return Future.succeededFuture();
    }
}
