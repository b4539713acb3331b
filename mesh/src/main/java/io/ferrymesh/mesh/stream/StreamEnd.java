package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.Role;

/** What both ends of a stream have in common. Event loop only. */
abstract class StreamEnd {

    final StreamHub hub;
    final PeerLink link;
    final Id128 id;
    final Role role;

    private boolean heard = true;
    private long silentSinceNanos;

    StreamEnd(StreamHub hub, PeerLink link, Id128 id, Role role) {
        this.hub = hub;
        this.link = link;
        this.id = id;
        this.role = role;
    }

    /** Something came that belongs to this stream. Two writes, no clock: called for every frame. */
    final void heard() {
        heard = true;
    }

    /** How long nothing came, in nanoseconds, as seen at this tick of the heartbeat. */
    final long silentNanos(long nowNanos) {
        if (heard) {
            heard = false;
            silentSinceNanos = nowNanos;
        }
        return nowNanos - silentSinceNanos;
    }

    /** Ends here and, by a word if it still hears, at the peer. */
    final void giveUp(ErrorCode code, String why) {
        if (over(code, why)) {
            hub.say(link, new Message.Cancel(hub.self(), id, role, code));
        }
    }

    /** Ends here. Returns false when it was over already. */
    abstract boolean over(ErrorCode code, String why);

    /** What a heartbeat says of this stream. */
    abstract Message.Beat beat();

    /** Whether the time to open has run out. */
    boolean openingTooLong(long nowNanos) {
        return false;
    }
}
