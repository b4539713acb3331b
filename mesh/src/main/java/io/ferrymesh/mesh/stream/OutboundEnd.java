package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.Limits;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.OutboundStream;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.Role;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Optional;

/** The sending end. Public methods from any thread; everything else event loop only. */
final class OutboundEnd extends StreamEnd implements OutboundStream {

    private record Waiting(Buffer frame, Promise<Void> sent) {}

    private final OutboundMachine machine = new OutboundMachine();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Unconfirmed unconfirmed = new Unconfirmed();
    private final Message.Open open;
    private final Promise<OutboundStream> opened;
    private final Promise<Void> closed;
    private final long openDeadlineNanos;
    private boolean endAgain;

    OutboundEnd(
            StreamHub hub,
            PeerLink link,
            Message.Open open,
            Promise<OutboundStream> opened,
            Promise<Void> closed,
            long openDeadlineNanos) {
        super(hub, link, open.stream(), Role.OPENER);
        this.open = open;
        this.opened = opened;
        this.closed = closed;
        this.openDeadlineNanos = openDeadlineNanos;
    }

    // any thread

    @Override
    public Future<Void> write(Buffer frame) {
        int length = frame.length();
        if (length < 1 || length > Limits.MAX_FRAME_BYTES) {
            return Future.failedFuture(new MeshException(
                    ErrorCode.INVALID_MESSAGE, "a frame has 1 to " + Limits.MAX_FRAME_BYTES + " bytes: " + length));
        }
        Promise<Void> sent = CallerContext.promise();
        hub.execute(() -> doWrite(frame, sent));
        return sent.future();
    }

    @Override
    public Future<Void> end() {
        Promise<Void> ended = CallerContext.promise();
        hub.execute(() -> doEnd(ended));
        return ended.future();
    }

    @Override
    public void cancel(ErrorCode code) {
        hub.execute(() -> giveUp(code, "cancelled here"));
    }

    @Override
    public Future<Void> closed() {
        return closed.future();
    }

    // event loop only

    private void doWrite(Buffer frame, Promise<Void> sent) {
        if (!machine.mayWrite()) {
            sent.fail(isOver(ErrorCode.INVALID_MESSAGE, "a frame after the end"));
        } else if (waiting.isEmpty() && isHere() && link().hasRoom() && maySend(frame)) {
            send(frame);
            sent.complete();
        } else if (waiting.size() >= Limits.MAX_PENDING_WRITES) {
            sent.fail(new MeshException(ErrorCode.OVERLOADED, waiting.size() + " frames wait for credit"));
        } else {
            waiting.add(new Waiting(frame, sent));
            drain(); // nothing leaves, but it queues for room if that is all it lacks
        }
    }

    private MeshException isOver(ErrorCode otherwise, String why) {
        Throwable cause = closed.future().cause();
        return cause instanceof MeshException failure
                ? new MeshException(failure.code(), "the stream is over: " + failure.getMessage())
                : new MeshException(otherwise, why);
    }

    private void send(Buffer frame) {
        long sequence = machine.window().use(frame.length());
        if (link().isDirect()) {
            unconfirmed.sent(frame);
        }
        hub.sending.sendData(link(), new Message.Data(hub.self(), id, sequence, frame));
    }

    /** Whether credit covers it and, where it must be kept until it was taken, there is room to keep it. */
    private boolean maySend(Buffer frame) {
        return machine.maySend(frame.length()) && (!link().isDirect() || unconfirmed.hasRoom());
    }

    /** Sends what credit and room allow. */
    private void drain() {
        while (link().hasRoom() && canSendNext()) {
            sendNext();
        }
        if (canSendNext()) {
            link().queue(this);
        }
        endIfDrained();
    }

    /** There is room: sends one frame, and queues again if it could send more. */
    void room() {
        if (canSendNext()) {
            sendNext();
        }
        if (canSendNext()) {
            link().queue(this);
        }
        endIfDrained();
    }

    /** Whether everything sent before has been sent, and for a stream that moved: sent again as far as it must be. */
    private boolean isHere() {
        return !isMoving() && !isResending();
    }

    private boolean isResending() {
        return !link().isDirect() && !unconfirmed.isEmpty();
    }

    private boolean canSendNext() {
        if (isMoving()) {
            return false;
        }
        Waiting next = waiting.peek();
        return isResending() || (next != null && maySend(next.frame));
    }

    private void sendNext() {
        if (isResending()) {
            long sequence = unconfirmed.first();
            hub.sending.sendData(link(), new Message.Data(hub.self(), id, sequence, unconfirmed.takeFirst()));
            return;
        }
        Waiting next = waiting.remove();
        send(next.frame);
        next.sent.complete();
    }

    private void endIfDrained() {
        if (!isHere()) {
            return;
        }
        if (waiting.isEmpty() && machine.state() == OutboundMachine.State.DRAINING) {
            machine.drained();
            sendEnd();
        } else if (endAgain && machine.state() == OutboundMachine.State.ENDING) {
            sendEnd();
        }
        endAgain = false;
    }

    private void doEnd(Promise<Void> ended) {
        if (!machine.mayWrite()) {
            if (machine.state() == OutboundMachine.State.CLOSED) {
                closed.future().onComplete(ended);
            } else {
                ended.fail(new MeshException(ErrorCode.INVALID_MESSAGE, "a second end"));
            }
            return;
        }
        closed.future().onComplete(ended);
        if (machine.end(!waiting.isEmpty() || !isHere())) {
            sendEnd();
        }
    }

    private void sendEnd() {
        hub.sending.send(
                link(), new Message.End(hub.self(), id, machine.window().sentFrames()));
    }

    void received(Message.OfStream message) {
        if (message instanceof Message.Credit credit) {
            credited(hub.note(machine.credit(credit.limit(), credit.taken()), this), credit.taken());
        } else if (message instanceof Message.Accept accept) {
            accepted(accept.limit());
        } else if (message instanceof Message.Refuse refuse) {
            Verdict verdict = hub.note(machine.refuse(), this);
            if (verdict == Verdict.APPLIED) {
                finish(refuse.code(), "refused by the peer");
            }
        } else if (message instanceof Message.Ended) {
            Verdict verdict = hub.note(machine.ended(), this);
            if (verdict == Verdict.APPLIED) {
                link().unqueue(this);
                unconfirmed.clear();
                hub.forget(this);
                closed.tryComplete();
            }
        } else {
            throw new IllegalStateException("not for a sending end: " + message.getClass());
        }
    }

    private void credited(Verdict verdict, long taken) {
        if (verdict == Verdict.APPLIED) {
            if (link().isDirect()) {
                unconfirmed.confirmed(taken);
            }
            drain();
        }
    }

    private void accepted(long limit) {
        if (beganDirect() && !link().isDirect() && !isOpening()) {
            return; // said again after the opening was
        }
        Verdict verdict = hub.note(machine.accept(limit), this);
        if (verdict == Verdict.APPLIED) {
            arrived();
            opened.tryComplete(this);
        }
    }

    void beat(Message.Beat beat) {
        credited(hub.note(machine.repeat(beat.position(), beat.taken()), this), beat.taken());
    }

    /** The acceptor has moved: it has got {@code received} frames, and nothing comes on the old way any more. */
    void peerMoved(long limit, long received) {
        if (!isMoving()) {
            return; // known already
        }
        if (isOpening()) {
            accepted(limit);
        } else if (!unconfirmed.reaches(received)) {
            Verdict unused = hub.note(Verdict.CREDIT_INVALID, this);
        } else if (hub.note(machine.repeatLimit(limit), this) == Verdict.APPLIED) {
            unconfirmed.confirmed(received);
            arrived();
            drain();
        }
    }

    @Override
    void moved() {
        endAgain = machine.state() == OutboundMachine.State.ENDING;
    }

    @Override
    Optional<Message> moveMessage() {
        return Optional.of(
                isOpening()
                        ? open
                        : new Message.Moved(
                                hub.self(), id, role, machine.window().sentFrames(), 0));
    }

    @Override
    boolean over(ErrorCode code, String why) {
        boolean first = machine.close();
        if (first) {
            finish(code, why);
        }
        return first;
    }

    private void finish(ErrorCode code, String why) {
        link().unqueue(this);
        unconfirmed.clear();
        hub.forget(this);
        MeshException failure = new MeshException(code, why);
        closed.tryFail(failure);
        opened.tryFail(failure);
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            next.sent.tryFail(failure);
        }
    }

    @Override
    Message.Beat beat() {
        // What is to be sent again is not sent yet: the peer would think it lost.
        long sent = isHere() ? machine.window().sentFrames() : unconfirmed.first();
        return new Message.Beat(id, role, sent, 0);
    }

    @Override
    void sayAgain() {
        if (machine.state() == OutboundMachine.State.ENDING) {
            sendEnd();
        }
    }

    @Override
    boolean openingTooLong(long nowNanos) {
        return machine.state() == OutboundMachine.State.OPENING && nowNanos - openDeadlineNanos > 0;
    }

    boolean isOpening() {
        return machine.state() == OutboundMachine.State.OPENING;
    }

    int waitingFrames() {
        return waiting.size();
    }

    long creditBytes() {
        return machine.window().available();
    }
}
