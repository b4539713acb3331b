package io.ferrymesh.mesh.bus;

import io.ferrymesh.mesh.BusTls;
import io.ferrymesh.mesh.MeshOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Set;
import java.util.concurrent.TimeUnit;

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
        options.eventBusTls().ifPresent(tls -> secure(bus, tls));
        return bus;
    }

    /** Both ends show a certificate of the authorities. The bus never checks host names, whatever it is told. */
    private static void secure(EventBusOptions bus, BusTls tls) {
        bus.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(tls.certificate().toString())
                        .addKeyPath(tls.key().toString()))
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(tls.authorities().toString()))
                .setClientAuth(ClientAuth.REQUIRED)
                .setTrustAll(false)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setSslHandshakeTimeout(CONNECT_TIMEOUT_MS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }
}
