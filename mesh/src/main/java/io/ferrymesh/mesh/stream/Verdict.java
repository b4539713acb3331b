package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.MeshCounters.Event;
import java.util.Optional;

/** What a state machine says to something that arrived. Everything but APPLIED left it exactly as it was. */
enum Verdict {
    APPLIED(Optional.empty()),
    /** It came before: nothing to apply, and nothing wrong with it. */
    KNOWN(Optional.empty()),
    OUT_OF_ORDER(Optional.of(Event.FRAME_OUT_OF_ORDER)),
    CREDIT_INVALID(Optional.of(Event.CREDIT_INVALID)),
    CREDIT_OVERRUN(Optional.of(Event.CREDIT_OVERRUN));

    private final Optional<Event> refusal;

    Verdict(Optional<Event> refusal) {
        this.refusal = refusal;
    }

    /** What to count, if it was refused. */
    Optional<Event> refusal() {
        return refusal;
    }
}
