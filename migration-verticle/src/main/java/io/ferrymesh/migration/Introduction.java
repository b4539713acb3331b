package io.ferrymesh.migration;

import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What each end tells the other inside the handshake, in the payloads of messages 2 and 3: where its lanes go, how many,
 * and the certificate it will sign the receipt with. docs/wire.md, Introductions.
 *
 * @param address the private address for lanes of this session
 * @param dataLanes how many data lanes it wants at most
 * @param signing its signing certificate
 */
record Introduction(PeerAddress address, int dataLanes, Certificate signing) {

    byte[] encode() {
        byte[] to = address.value().getBytes(StandardCharsets.US_ASCII);
        byte[] certificate = signing.encoded();
        return ByteBuffer.allocate(3 + to.length + certificate.length)
                .put(Lanes.VERSION)
                .put((byte) dataLanes)
                .put((byte) to.length)
                .put(to)
                .put(certificate)
                .array();
    }

    static Introduction decode(byte[] payload) {
        RecordReader in = new RecordReader(payload, 0, payload.length);
        int version = in.u8();
        int dataLanes = in.u8();
        String address = new String(in.bytes(in.u8()), StandardCharsets.US_ASCII);
        byte[] certificate = in.bytes(63);
        if (version != Lanes.VERSION || in.hasNext() || dataLanes < 1 || dataLanes > EngineOptions.MAX_DATA_LANES) {
            throw Wire.invalid("an introduction of unknown form");
        }
        try {
            return new Introduction(new PeerAddress(address), dataLanes, Certificate.decode(certificate));
        } catch (IllegalArgumentException | MalformedException e) {
            throw Wire.invalid("an introduction that does not decode: " + e.getMessage());
        }
    }
}
