package io.ferrymesh.mesh.bus;

import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.stream.Carrier;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageProducer;

/**
 * Messages to private, service and channel addresses of the clustered event bus. Called from one event loop, those to one
 * address keep their order.
 */
final class BusCarrier implements Carrier {

    private static final String SERVICE_PREFIX = "ferrymesh.service.";
    private static final String CHANNEL_PREFIX = "ferrymesh.channel.";

    private final EventBus bus;
    private final DeliveryOptions options = new DeliveryOptions().setCodecName(MessageBusCodec.NAME);

    BusCarrier(Vertx vertx) {
        this.bus = vertx.eventBus();
    }

    @Override
    public Line to(Id128 peer) {
        return line(PeerAddress.PREFIX + peer);
    }

    /** A way to any one of those who answer for a service. */
    Line toService(String name) {
        return line(serviceAddress(name));
    }

    /** A way to all of those who listen to a channel. */
    Line toChannel(String name) {
        MessageProducer<Message> producer = bus.publisher(channelAddress(name), options);
        return producer::write;
    }

    static String channelAddress(String name) {
        return CHANNEL_PREFIX + name;
    }

    static String serviceAddress(String name) {
        return SERVICE_PREFIX + name;
    }

    private Line line(String address) {
        MessageProducer<Message> producer = bus.sender(address, options);
        return producer::write;
    }
}
