package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectInfo;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An object the source has listed and whose outcome it does not know yet. */
final class SourceObject {

    /** What the destination has said of it. */
    enum Phase {
        LISTED,
        /** That it has the whole object from an earlier run. */
        KNOWN,
        /** That it has some segments from an earlier run. */
        REST,
        /** Something of which the vouchers were not right. */
        REFUSED,
        /** Whether it can be read, in a dry run. */
        PROBED,
        /** What it wants. */
        ASKED;

        boolean mayBecome(Phase next) {
            return switch (this) {
                case LISTED -> next == KNOWN || next == REST || next == PROBED || next == ASKED;
                case KNOWN -> next == REFUSED;
                case REST -> next == REFUSED || next == ASKED;
                case REFUSED -> next == ASKED;
                case PROBED, ASKED -> false;
            };
        }
    }

    /** What has come of what the destination says that it has, when that takes several records. */
    static final class Claim {
        long segments;
        boolean doubted;

        /** What the vouchers must say of the content. */
        Optional<String> content = Optional.empty();
    }

    private final long index;
    private final ObjectInfo info;
    private final int round;
    private final Segments segments;
    private int nextSegment;
    private final AtomicReference<String> etag = new AtomicReference<>();
    private volatile boolean withBytes;
    private @Nullable Claim claim; // lane worker only
    private Phase phase = Phase.LISTED; // lane worker only
    private boolean looking; // lane worker only
    private final AtomicReference<ErrorCode> failure = new AtomicReference<>();
    private volatile boolean abandoned;

    SourceObject(long index, ObjectInfo info) {
        this(index, info, 0);
    }

    /** @param round how often it was looked at again */
    SourceObject(long index, ObjectInfo info, int round) {
        this.index = index;
        this.info = info;
        this.round = round;
        this.segments = new Segments(info.size());
    }

    long index() {
        return index;
    }

    ObjectInfo info() {
        return info;
    }

    int round() {
        return round;
    }

    Segments segments() {
        return segments;
    }

    /** What is read of it has this etag; what is first read decides. */
    void readAs(String read) {
        boolean unused = etag.compareAndSet(null, read);
    }

    /** What was read of it had this etag; empty when nothing was read. */
    Optional<String> etag() {
        return Optional.ofNullable(etag.get());
    }

    /** Whether the destination wants its bytes, or only its digests. */
    boolean withBytes() {
        return withBytes;
    }

    /** Takes the destination's wish, once. Lane worker only. */
    void ask(boolean wanted) {
        to(Phase.ASKED);
        withBytes = wanted;
    }

    /** Takes the destination's question whether it can be read, once and instead of any wish. Lane worker only. */
    void probe() {
        to(Phase.PROBED);
    }

    /** The destination begins, or goes on, to say what it has of the object in this round. Lane worker only. */
    Claim claim(Phase claimed) {
        if (phase != claimed) {
            to(claimed);
        }
        Claim open = claim == null ? new Claim() : claim;
        claim = open;
        return open;
    }

    /** What the destination said it has is not to be believed: it may ask for the object. Lane worker only. */
    void refuse() {
        to(Phase.REFUSED);
        segments.clear();
    }

    private void to(Phase next) {
        if (looking || !phase.mayBecome(next)) {
            throw new MeshException(
                    ErrorCode.INVALID_MESSAGE, "object " + index + " is asked for twice, or otherwise than before");
        }
        phase = next;
    }

    /** Ends this round; the listing's worker begins the next one. Lane worker only. */
    void lookAgain(int next) {
        if (looking || next != round + 1 || next >= Round.MOST) {
            throw new MeshException(
                    ErrorCode.INVALID_MESSAGE, "round " + next + " of object " + index + " after round " + round);
        }
        looking = true;
        abandon();
    }

    /** Whether sending the rest is pointless. */
    boolean abandoned() {
        return abandoned;
    }

    void abandon() {
        abandoned = true;
    }

    /**
     * Gives it up because it cannot be sent.
     *
     * @return why it was given up first: every lane that sends some of it says the same
     */
    ErrorCode fail(ErrorCode code) {
        ErrorCode first = failure.compareAndExchange(null, code);
        abandon();
        return first == null ? code : first;
    }

    /** The next segment to send, or -1. Only from {@link SegmentQueue}. */
    int takeSegment() {
        while (nextSegment < segments.count() && segments.isBegun(nextSegment)) {
            nextSegment++; // the destination has it
        }
        return abandoned || nextSegment == segments.count() ? -1 : nextSegment++;
    }
}
