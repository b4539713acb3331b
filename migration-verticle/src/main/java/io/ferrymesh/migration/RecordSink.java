package io.ferrymesh.migration;

/** Takes what a lane receives. Called on the lane's worker, in order. */
interface RecordSink {

    /** Takes the records of one frame. Throws to end the migration. */
    void accept(RecordReader records);

    /** The sender said that nothing follows. */
    void ended();

    /** Runs {@code grant} once there is room for as much as the last frame held: now, unless something is behind. */
    default void whenRoom(Runnable grant) {
        grant.run();
    }

    /** Lets go of what is open. Called once, on the lane's worker, after the last {@link #accept}. */
    default void close() {}
}
