package io.ferrymesh.migration;

import io.vertx.core.buffer.Buffer;

/**
 * The readable part of a lane's hello. Says nothing about who sent it until {@link SessionLanes#admit} has opened its seal.
 */
record LaneHello(SessionId session, int lane) {

    static LaneHello decode(Buffer hello) {
        if (hello.length() != Lanes.HELLO_BYTES || hello.getByte(0) != Lanes.VERSION) {
            throw Wire.invalid("a lane's hello of unknown form");
        }
        RecordReader in = new RecordReader(hello.getBytes(), 1, Lanes.HELLO_BYTES - 1);
        return new LaneHello(SessionId.of(in.bytes(SessionId.BYTES)), in.u31());
    }
}
