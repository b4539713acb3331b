package io.ferrymesh.mesh.bus;

import io.ferrymesh.mesh.MeshOptions;
import io.vertx.core.eventbus.EventBusOptions;

/** How the event bus connects to other members. */
final class BusOptions {

    private static final long PING_MS = 2_000;
    private static final int CONNECT_TIMEOUT_MS = 3_000;

    private BusOptions() {}

    static EventBusOptions of(MeshOptions options) {
        EventBusOptions bus = new EventBusOptions()
                .setHost(options.host())
                .setPort(options.eventBusPort())
                .setClusterPingInterval(PING_MS)
                .setClusterPingReplyInterval(PING_MS)
                .setConnectTimeout(CONNECT_TIMEOUT_MS);
        options.publicHost().ifPresent(bus::setClusterPublicHost);
        return bus;
    }
}
