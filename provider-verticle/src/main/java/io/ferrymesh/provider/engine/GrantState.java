package io.ferrymesh.provider.engine;

/** Where a grant stands at the source. */
public enum GrantState {
    WAITING(false),
    RUNNING(false),
    COMPLETED(true),
    FAILED(true),
    WITHDRAWN(true),
    EXPIRED(true);

    private final boolean ended;

    GrantState(boolean ended) {
        this.ended = ended;
    }

    /** Whether nothing will happen to it any more. */
    public boolean ended() {
        return ended;
    }
}
