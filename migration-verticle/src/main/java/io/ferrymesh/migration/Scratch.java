package io.ferrymesh.migration;

/**
 * Room for one frame, opened and sealed. One for each lane worker, because a frame is in the clear only within a turn: so
 * memory grows with the workers, not with the lanes of all migrations.
 */
final class Scratch {

    private static final ThreadLocal<Scratch> OWN = ThreadLocal.withInitial(Scratch::new);

    private final byte[] plain = new byte[Lanes.FRAME_PLAINTEXT_BYTES];
    private final byte[] sealed = new byte[Lanes.MAX_FRAME_BYTES];

    private Scratch() {}

    /** This thread's. What is in it is of no use after the turn. */
    static Scratch own() {
        return OWN.get();
    }

    byte[] plain() {
        return plain;
    }

    byte[] sealed() {
        return sealed;
    }
}
