package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.DirectSession;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.Limits;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.Role;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The receiving end. Public methods from any thread; everything else event loop only, except where said. */
final class InboundEnd extends StreamEnd implements InboundStream {

    private static final Logger LOG = LoggerFactory.getLogger(InboundEnd.class);
    private static final int REPORT_EVERY_FRAMES = Limits.MAX_FRAMES_IN_FLIGHT / 2;
    /** On a direct connection the sender keeps what is not reported, in case the connection breaks. */
    private static final int REPORT_EVERY_DIRECT_FRAMES = 8;

    private final InboundMachine machine = new InboundMachine();
    private final PeerAddress from;
    private final Buffer hello;
    private final Owner owner;
    private final Promise<Void> closed;
    private final int reportEveryFrames;
    private final Optional<DirectSession> direct;
    private long reportedFrames;

    private volatile @Nullable Handler<Buffer> handler;
    private volatile boolean over;
    private volatile long takenFrames; // written by the owner's context only

    InboundEnd(StreamHub hub, PeerLink link, Message.Open open, PeerAddress from, Owner owner) {
        super(hub, link, open.stream(), Role.ACCEPTOR);
        this.from = from;
        this.hello = open.hello();
        this.owner = owner;
        this.closed = owner.promise();
        this.reportEveryFrames = link.isDirect() ? REPORT_EVERY_DIRECT_FRAMES : REPORT_EVERY_FRAMES;
        this.direct = link.session();
    }

    // any thread

    @Override
    public PeerAddress from() {
        return from;
    }

    @Override
    public Optional<DirectSession> direct() {
        return direct;
    }

    @Override
    public Buffer hello() {
        return hello;
    }

    @Override
    public void frames(Handler<Buffer> newHandler) {
        handler = newHandler;
    }

    @Override
    public void grant(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a grant must be > 0 bytes: " + bytes);
        }
        hub.execute(() -> doGrant(bytes));
    }

    @Override
    public void cancel(ErrorCode code) {
        hub.execute(() -> giveUp(code, "cancelled here"));
    }

    @Override
    public Future<Void> closed() {
        return closed.future();
    }

    // the owner's context

    private void take(Buffer frame) {
        Handler<Buffer> taker = handler;
        if (over || taker == null) {
            return;
        }
        try {
            taker.handle(frame);
        } catch (RuntimeException e) {
            LOG.error("a handler of frames failed; its stream is cancelled", e);
            cancel(ErrorCode.INTERNAL);
            return;
        }
        long taken = takenFrames + 1;
        takenFrames = taken;
        if (taken % reportEveryFrames == 0) {
            hub.execute(this::reportTaken);
        }
    }

    // event loop only

    void accept(long firstCredit) {
        if (firstCredit < 1 || firstCredit > Limits.MAX_WINDOW_BYTES || handler == null) {
            LOG.error(
                    "a stream handler accepted with credit {} and {}",
                    firstCredit,
                    handler == null ? "no frames handler" : "a frames handler");
            refuse(ErrorCode.INTERNAL);
        } else if (machine.accept(firstCredit)) {
            hub.sending.send(
                    link(), new Message.Accept(hub.self(), id, machine.window().announce()));
        }
    }

    void refuse(ErrorCode code) {
        if (over(code, "refused here")) {
            hub.sending.lastWord(this, new Message.Refuse(hub.self(), id, code));
        }
    }

    private void doGrant(long bytes) {
        if (machine.grant(bytes)) {
            sendCredit();
        }
    }

    private void reportTaken() {
        if (machine.state() == InboundMachine.State.OPEN && takenFrames - reportedFrames >= reportEveryFrames) {
            sendCredit();
        }
    }

    private void sendCredit() {
        reportedFrames = takenFrames;
        hub.sending.send(
                link(), new Message.Credit(hub.self(), id, machine.window().announce(), reportedFrames));
    }

    void received(Message.OfStream message) {
        arrived();
        if (message instanceof Message.Data data) {
            Buffer frame = data.payload();
            Verdict verdict = hub.note(machine.data(data.sequence(), frame.length(), takenFrames), this);
            if (verdict == Verdict.APPLIED) {
                owner.run(() -> take(frame));
                if (machine.owesCredit()) {
                    sendCredit();
                }
            }
        } else if (message instanceof Message.End end) {
            Verdict verdict = hub.note(machine.end(end.frames()), this);
            if (verdict == Verdict.APPLIED) {
                owner.run(() -> hub.execute(this::delivered));
            }
        } else {
            throw new IllegalStateException("not for a receiving end: " + message.getClass());
        }
    }

    private void delivered() {
        if (machine.delivered()) {
            over = true;
            hub.forget(this);
            hub.sending.lastWord(this, new Message.Ended(hub.self(), id));
            closed.tryComplete();
        }
    }

    void beat(Message.Beat beat) {
        arrived();
        if (machine.lostFrames(beat.position())) {
            hub.peerLost(this, "frames were lost on the way");
        }
    }

    @Override
    void moved() {}

    @Override
    Optional<Message> moveMessage() {
        return machine.isAccepted()
                ? Optional.of(new Message.Moved(
                        hub.self(),
                        id,
                        role,
                        machine.window().announce(),
                        machine.window().receivedFrames()))
                : Optional.empty(); // the answer to the opening will do
    }

    /** The opener did not hear the answer to its opening. */
    void openedAgain() {
        if (machine.state() == InboundMachine.State.OPEN) {
            hub.sending.send(
                    link(), new Message.Accept(hub.self(), id, machine.window().announce()));
        }
    }

    @Override
    boolean over(ErrorCode code, String why) {
        boolean first = machine.close();
        if (first) {
            over = true;
            hub.forget(this);
            closed.tryFail(new MeshException(code, why));
        }
        return first;
    }

    @Override
    Message.Beat beat() {
        return new Message.Beat(
                id,
                role,
                machine.window().announce(),
                Math.min(takenFrames, machine.window().receivedFrames()));
    }
}
