package io.ferrymesh.mesh;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An invitation to connect directly, for one peer and one session, once. To be given to that peer in secret: whoever knows the
 * token, the session and both addresses may connect in its place. Any thread.
 */
public final class DirectOffer implements AutoCloseable {

    /** Length of a token. */
    public static final int TOKEN_BYTES = 32;
    /** Longest form of the place. */
    public static final int MAX_PLACE_BYTES = 255;

    private final Endpoint place;
    private final byte[] token;

    /**
     * As it was made, or came.
     *
     * @param place where to connect to, with a port that is not 0
     * @param token is copied
     */
    public DirectOffer(Endpoint place, byte[] token) {
        if (place.port() == 0 || bytes(place) > MAX_PLACE_BYTES) {
            throw new IllegalArgumentException(
                    "a direct offer needs a port, and a place of at most " + MAX_PLACE_BYTES + " bytes");
        }
        if (token.length != TOKEN_BYTES) {
            throw new IllegalArgumentException("a token has " + TOKEN_BYTES + " bytes: " + token.length);
        }
        this.place = place;
        this.token = token.clone();
    }

    private static int bytes(Endpoint place) {
        return place.toString().getBytes(StandardCharsets.US_ASCII).length;
    }

    /** Where to connect to. */
    public Endpoint place() {
        return place;
    }

    /** A copy of the token, for its taker to wipe. */
    public byte[] token() {
        return token.clone();
    }

    /** Wipes the token. */
    @Override
    public void close() {
        Arrays.fill(token, (byte) 0);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "DirectOffer[" + place + ", ***]";
    }
}
