package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.Role;
import java.util.Optional;

/** What both ends of a stream have in common. Event loop only. */
abstract class StreamEnd {

    final StreamHub hub;
    final Id128 id;
    final Role role;
    private final boolean beganDirect;
    private final Silence silence = new Silence();
    private PeerLink link;
    private boolean moving;

    StreamEnd(StreamHub hub, PeerLink link, Id128 id, Role role) {
        this.hub = hub;
        this.link = link;
        this.id = id;
        this.role = role;
        this.beganDirect = link.isDirect();
    }

    /** Which way its messages go now. */
    final PeerLink link() {
        return link;
    }

    /** Whether it began on a direct connection, wherever it is now. */
    final boolean beganDirect() {
        return beganDirect;
    }

    /** Whether it left a direct connection and has not heard of its peer since. */
    final boolean isMoving() {
        return moving;
    }

    /** Leaves a direct connection that is given up, and says so over the bus. */
    final void moveTo(PeerLink bus) {
        link.ends.remove(this);
        bus.ends.add(this);
        link = bus;
        moving = true;
        heard();
        moved();
        sayMoved();
    }

    /** Tells the peer, or tells it again. */
    final void sayMoved() {
        moveMessage().ifPresent(message -> hub.sending.send(link, message));
    }

    /** The peer has moved as well. */
    final void arrived() {
        moving = false;
    }

    /** It is on the bus now. */
    abstract void moved();

    /** What tells the peer that this end has moved; nothing while there is nothing to say. */
    abstract Optional<Message> moveMessage();

    /** Something came that belongs to this stream. */
    final void heard() {
        silence.heard();
    }

    /** How long nothing came, in nanoseconds, as seen at this tick of the heartbeat. */
    final long silentNanos(long nowNanos) {
        return silence.nanos(nowNanos);
    }

    /** Ends here and, by a word if it still hears, at the peer. */
    final void giveUp(ErrorCode code, String why) {
        if (over(code, why)) {
            hub.sending.lastWord(this, new Message.Cancel(hub.self(), id, role, code));
        }
    }

    /** Ends here. Returns false when it was over already. */
    abstract boolean over(ErrorCode code, String why);

    /** What a heartbeat says of this stream. */
    abstract Message.Beat beat();

    /** Repeats, with each heartbeat, what the peer cannot do without and may have missed. */
    void sayAgain() {}

    /** Whether the time to open has run out. */
    boolean openingTooLong(long nowNanos) {
        return false;
    }
}
