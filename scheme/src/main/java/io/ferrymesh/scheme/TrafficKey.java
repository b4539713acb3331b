package io.ferrymesh.scheme;

import java.util.BitSet;

/**
 * The key of one direction of a session, from which each lane's key is derived. A lane is handed out once, because two
 * sealers of one lane would use each nonce twice. Not thread-safe.
 */
public final class TrafficKey extends FixedSecret {

    /** Lanes are numbered below this. */
    public static final int MAX_LANES = 4096;

    private static final byte[] LABEL = Bytes.ascii("FERRYMESH-V1-LANE");

    private final boolean outgoing;
    private final BitSet used = new BitSet();

    TrafficKey(byte[] value, boolean outgoing) {
        super(value, 32);
        this.outgoing = outgoing;
    }

    /** The sealer of a lane. Once per lane, and of an outgoing key only. */
    public LaneSealer sealer(int lane) {
        requireDirection(true);
        return new LaneSealer(laneKey(lane), 0);
    }

    /** The opener of a lane. Once per lane, and of an incoming key only. */
    public LaneOpener opener(int lane) {
        requireDirection(false);
        return new LaneOpener(laneKey(lane), 0);
    }

    private void requireDirection(boolean wanted) {
        if (outgoing != wanted) {
            throw new IllegalStateException("an outgoing key seals, an incoming one opens");
        }
    }

    RawKey laneKey(int lane) {
        byte[] traffic = raw();
        if (lane < 0 || lane >= MAX_LANES) {
            throw new IllegalArgumentException("lane must be in 0.." + (MAX_LANES - 1) + ": " + lane);
        }
        if (used.get(lane)) {
            throw new IllegalStateException("lane " + lane + " is in use");
        }
        used.set(lane);
        byte[] derived = NoiseHkdf.first(traffic, Bytes.concat(LABEL, Bytes.u32(lane)));
        try {
            return new RawKey(derived, "AES");
        } finally {
            Bytes.wipe(derived);
        }
    }
}
