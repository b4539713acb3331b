package io.ferrymesh.provider.engine;

/** Where a migration stands at the destination. */
public enum MigrationState {
    /** Looking for the source and shaking hands. */
    CONNECTING(false),
    RUNNING(false),
    /** Everything that could be moved was; what could not is in the report. */
    COMPLETED(true),
    /** It stopped; the same order, posted again, resumes it. */
    FAILED(true),
    CANCELLED(true);

    private final boolean ended;

    MigrationState(boolean ended) {
        this.ended = ended;
    }

    /** Whether nothing happens to it unless it is asked for again. */
    public boolean ended() {
        return ended;
    }
}
