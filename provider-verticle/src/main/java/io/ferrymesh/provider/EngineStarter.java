package io.ferrymesh.provider;

import io.ferrymesh.provider.engine.MigrationEngine;
import io.vertx.core.Future;

/** Starts what moves data, once there are keys for it. */
@FunctionalInterface
public interface EngineStarter {

    /** Completes when it takes orders. Called once, on the provider's event loop. */
    Future<MigrationEngine> start(ProviderKeys keys);
}
