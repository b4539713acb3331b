package io.ferrymesh.migration;

import io.ferrymesh.mesh.DirectOffer;
import io.ferrymesh.mesh.Endpoint;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Handshake;
import io.ferrymesh.scheme.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What each end tells the other inside the handshake, in the payloads of messages 2 and 3: where its lanes go, how many, the
 * certificate it will sign the receipt with, and perhaps an offer to connect directly. docs/migration.md, Handshake.
 *
 * @param address the private address for lanes of this session
 * @param dataLanes how many data lanes it wants at most
 * @param signing its signing certificate
 * @param offer where the other end may connect to for this session, and the token that lets it in
 */
record Introduction(PeerAddress address, int dataLanes, Certificate signing, Optional<DirectOffer> offer)
        implements AutoCloseable {

    /** Version 1 had no offer. */
    private static final byte VERSION = 2;

    private static final int CERTIFICATE_BYTES = 63;

    /** A message of the handshake with this in it. */
    byte[] write(Handshake handshake) {
        byte[] payload = encode();
        try {
            return handshake.write(payload);
        } finally {
            Arrays.fill(payload, (byte) 0);
        }
    }

    /** What is in a message of the handshake; fails as {@link #decode}, or as the handshake. */
    static Introduction read(Handshake handshake, byte[] message) {
        byte[] payload = handshake.read(message);
        try {
            return decode(payload);
        } finally {
            Arrays.fill(payload, (byte) 0);
        }
    }

    /** Wipes the offer's token. */
    @Override
    public void close() {
        offer.ifPresent(DirectOffer::close);
    }

    byte[] encode() {
        byte[] to = address.value().getBytes(StandardCharsets.US_ASCII);
        byte[] certificate = signing.encoded();
        byte[] place = offer.map(each -> each.place().toString().getBytes(StandardCharsets.US_ASCII))
                .orElse(new byte[0]);
        byte[] token = offer.map(DirectOffer::token).orElse(new byte[0]);
        byte[] encoded = ByteBuffer.allocate(4 + to.length + certificate.length + place.length + token.length)
                .put(VERSION)
                .put((byte) dataLanes)
                .put((byte) to.length)
                .put(to)
                .put(certificate)
                .put((byte) place.length)
                .put(place)
                .put(token)
                .array();
        Arrays.fill(token, (byte) 0);
        return encoded;
    }

    /**
     * Reads it. Fails with UNAVAILABLE when it is of another version, which it will not be any more when the peer, or this end, has
     * been brought up to date; with INVALID_MESSAGE when it is none.
     */
    static Introduction decode(byte[] payload) {
        RecordReader in = new RecordReader(payload, 0, payload.length);
        int version = in.u8();
        if (version != VERSION) {
            throw new MeshException(
                    ErrorCode.UNAVAILABLE,
                    "the other provider's program speaks version " + version + " of introductions and this one "
                            + VERSION + ": both must be of the same");
        }
        int dataLanes = in.u8();
        String address = new String(in.bytes(in.u8()), StandardCharsets.US_ASCII);
        byte[] certificate = in.bytes(CERTIFICATE_BYTES);
        byte[] place = in.bytes(in.u8());
        byte[] token = in.bytes(place.length == 0 ? 0 : DirectOffer.TOKEN_BYTES);
        if (in.hasNext() || dataLanes < 1 || dataLanes > EngineOptions.MAX_DATA_LANES) {
            throw Wire.invalid("an introduction of unknown form");
        }
        try {
            Optional<DirectOffer> offer = place.length == 0
                    ? Optional.empty()
                    : Optional.of(new DirectOffer(Endpoint.parse(new String(place, StandardCharsets.US_ASCII)), token));
            return new Introduction(new PeerAddress(address), dataLanes, Certificate.decode(certificate), offer);
        } catch (IllegalArgumentException | MalformedException e) {
            throw Wire.invalid("an introduction that does not decode: " + e.getMessage());
        } finally {
            Arrays.fill(token, (byte) 0);
        }
    }
}
