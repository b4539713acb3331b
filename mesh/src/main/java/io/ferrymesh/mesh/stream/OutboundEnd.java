package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.Limits;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.OutboundStream;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.Role;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;

/** The sending end. Public methods from any thread; everything else event loop only. */
final class OutboundEnd extends StreamEnd implements OutboundStream {

    private record Waiting(Buffer frame, Promise<Void> sent) {}

    private final OutboundMachine machine = new OutboundMachine();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Promise<OutboundStream> opened;
    private final Promise<Void> closed;
    private final long openDeadlineNanos;

    OutboundEnd(
            StreamHub hub,
            PeerLink link,
            Id128 id,
            Promise<OutboundStream> opened,
            Promise<Void> closed,
            long openDeadlineNanos) {
        super(hub, link, id, Role.OPENER);
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
        } else if (waiting.isEmpty() && link.hasRoom() && machine.maySend(frame.length())) {
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
        hub.sendData(link, new Message.Data(hub.self(), id, sequence, frame));
    }

    /** Sends what credit and room allow. */
    private void drain() {
        while (link.hasRoom() && hasCreditForNext()) {
            sendNext();
        }
        if (hasCreditForNext()) {
            link.queue(this);
        }
        endIfDrained();
    }

    /** There is room: sends one frame, and queues again if it could send more. */
    void room() {
        if (hasCreditForNext()) {
            sendNext();
        }
        if (hasCreditForNext()) {
            link.queue(this);
        }
        endIfDrained();
    }

    private boolean hasCreditForNext() {
        Waiting next = waiting.peek();
        return next != null && machine.maySend(next.frame.length());
    }

    private void sendNext() {
        Waiting next = waiting.remove();
        send(next.frame);
        next.sent.complete();
    }

    private void endIfDrained() {
        if (waiting.isEmpty() && machine.state() == OutboundMachine.State.DRAINING) {
            machine.drained();
            sendEnd();
        }
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
        if (machine.end(!waiting.isEmpty())) {
            sendEnd();
        }
    }

    private void sendEnd() {
        hub.send(link, new Message.End(hub.self(), id, machine.window().sentFrames()));
    }

    void received(Message.OfStream message) {
        Verdict verdict;
        if (message instanceof Message.Credit credit) {
            verdict = hub.note(machine.credit(credit.limit(), credit.taken()), this);
            drain();
        } else if (message instanceof Message.Accept accept) {
            verdict = hub.note(machine.accept(accept.limit()), this);
            if (verdict == Verdict.APPLIED) {
                opened.tryComplete(this);
            }
        } else if (message instanceof Message.Refuse refuse) {
            verdict = hub.note(machine.refuse(), this);
            if (verdict == Verdict.APPLIED) {
                finish(refuse.code(), "refused by the peer");
            }
        } else if (message instanceof Message.Ended) {
            verdict = hub.note(machine.ended(), this);
            if (verdict == Verdict.APPLIED) {
                hub.forget(this);
                closed.tryComplete();
            }
        } else {
            throw new IllegalStateException("not for a sending end: " + message.getClass());
        }
    }

    void beat(Message.Beat beat) {
        Verdict verdict = hub.note(machine.repeat(beat.position(), beat.taken()), this);
        if (verdict == Verdict.APPLIED) {
            drain();
        }
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
        link.unqueue(this);
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
        return new Message.Beat(id, role, machine.window().sentFrames(), 0);
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
