package io.ferrymesh.mesh.direct;

import io.ferrymesh.mesh.DirectSession;
import io.ferrymesh.mesh.stream.Carrier;
import io.ferrymesh.mesh.wire.MalformedMessageException;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.WireFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/**
 * One socket: first octets that prove who is there, then messages each way. Sits in the socket's pipeline before Vert.x's own
 * handler and keeps everything from it, so that a frame is copied once on its way in and written from where it is on its way
 * out. Event loop only.
 */
final class DirectConnection extends ChannelInboundHandlerAdapter implements Carrier.Connection {

    private static final String BEFORE = "handler"; // the name of Vert.x's own
    private static final int MOST_READ_BYTES = 256 << 10;

    /**
     * Most that may wait for the socket beside frames, which their streams bound. It is mostly answers, and a peer that reads none
     * of them can ask for ever.
     */
    static final int MAX_UNREAD_BYTES = 4 << 20;
    /** What a message costs here while it waits, beside its octets. */
    static final int MESSAGE_COST_BYTES = 256;

    /** Who uses the connection. */
    interface User {

        /**
         * The octets that prove something have come.
         *
         * @param more whether others came right behind
         * @return false to close the connection
         */
        boolean first(byte[] octets, boolean more);

        /** A message came. */
        void message(Message message);

        /** Something came that is no message; the connection is closed. */
        void malformed(String why);

        /** The other end does not read what it is sent; the connection is closed. */
        void unread();

        /** The connection is gone. Once. */
        void gone(String why);
    }

    private final ContextInternal loop;
    private final User user;
    private final byte[] first;
    private final MessageReader reader = new MessageReader();
    private int firstRead;
    private int unreadBytes;
    private boolean proven;
    private boolean flushing;
    private boolean closing;
    private boolean gone;
    private @Nullable DirectSession session;
    private @Nullable ChannelHandlerContext channel;

    DirectConnection(ContextInternal loop, int firstBytes, User user) {
        this.loop = loop;
        this.first = new byte[firstBytes];
        this.user = user;
    }

    /** Takes a socket over whose first {@code firstBytes} octets prove something. On its event loop, before anything was read. */
    static DirectConnection over(NetSocket socket, ContextInternal loop, int firstBytes, User user) {
        DirectConnection connection = new DirectConnection(loop, firstBytes, user);
        ChannelHandlerContext last = ((NetSocketInternal) socket).channelHandlerContext();
        if (last.channel().eventLoop() != loop.nettyEventLoop()) {
            throw new IllegalStateException("a connection on another event loop than the mesh's own");
        }
        last.channel()
                .config()
                .setAllocator(
                        PooledByteBufAllocator.DEFAULT) // Netty's adaptive one zeroes a new buffer for each large frame
                .setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(512, 16 << 10, MOST_READ_BYTES));
        last.pipeline().addBefore(BEFORE, "ferrymesh", connection);
        return connection;
    }

    /** Both ends have proved themselves, for this session. */
    void isFor(DirectSession newSession) {
        session = newSession;
    }

    @Override
    public DirectSession session() {
        if (session == null) {
            throw new IllegalStateException("nothing is proved yet");
        }
        return session;
    }

    /** Sends octets that are no message. */
    void sendRaw(byte[] octets) {
        ChannelHandlerContext to = channel;
        if (to != null) {
            var unused = to.writeAndFlush(Unpooled.wrappedBuffer(octets), to.voidPromise());
        }
    }

    @Override
    public Future<Void> send(Message message) {
        ChannelHandlerContext to = channel;
        if (to == null || closing || gone) {
            return Future.failedFuture("the connection is closed");
        }
        Buffer head = Buffer.buffer(64).appendInt(0);
        Promise<Void> sent = Promise.promise();
        if (message instanceof Message.Data data) {
            WireFormat.encodeHead(data, head);
            int length =
                    head.length() - MessageReader.LENGTH_BYTES + data.payload().length();
            write(to, head.setInt(0, length));
            // The frame stays its owner's, who may have to send it again.
            write(to, unreleasable(data.payload()), sent);
        } else {
            WireFormat.encode(message, head);
            int cost = head.length() + MESSAGE_COST_BYTES;
            if (!mayWait(to, cost)) {
                user.unread();
                close();
                return Future.failedFuture("the other end does not read what it is sent");
            }
            unreadBytes += cost;
            sent.future().onComplete(done -> unreadBytes -= cost);
            write(to, bytes(head.setInt(0, head.length() - MessageReader.LENGTH_BYTES)), sent);
        }
        flushSoon(to);
        return sent.future();
    }

    /** Whether so much more may wait for the socket, once what has not been tried yet was. */
    private boolean mayWait(ChannelHandlerContext to, int cost) {
        if (unreadBytes + cost > MAX_UNREAD_BYTES) {
            to.flush();
        }
        return unreadBytes + cost <= MAX_UNREAD_BYTES;
    }

    private static ByteBuf bytes(Buffer buffer) {
        return ((BufferInternal) buffer).getByteBuf();
    }

    private static ByteBuf unreleasable(Buffer frame) {
        return Unpooled.unreleasableBuffer(bytes(frame).duplicate());
    }

    private static void write(ChannelHandlerContext to, Buffer head) {
        var unused = to.write(bytes(head), to.voidPromise());
    }

    private static void write(ChannelHandlerContext to, ByteBuf bytes, Promise<Void> sent) {
        to.write(bytes).addListener(done -> {
            if (done.isSuccess()) {
                sent.complete();
            } else {
                sent.fail(done.cause());
            }
        });
    }

    /** Everything that is sent in one turn of the event loop leaves together. */
    private void flushSoon(ChannelHandlerContext to) {
        if (!flushing) {
            flushing = true;
            to.channel().eventLoop().execute(() -> {
                flushing = false;
                to.flush();
            });
        }
    }

    @Override
    public void close() {
        ChannelHandlerContext to = channel;
        if (to != null && !closing) {
            closing = true;
            to.flush();
            var unused = to.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        try {
            if (!closing && read instanceof ByteBuf in) {
                loop.dispatch(in, this::take);
            }
        } finally {
            ReferenceCountUtil.release(read);
        }
    }

    private void take(ByteBuf in) {
        if (!proven && !prove(in)) {
            return;
        }
        try {
            reader.read(in, user::message);
        } catch (MalformedMessageException e) {
            user.malformed(String.valueOf(e.getMessage()));
            close();
        }
    }

    private boolean prove(ByteBuf in) {
        int bytes = Math.min(in.readableBytes(), first.length - firstRead);
        in.readBytes(first, firstRead, bytes);
        firstRead += bytes;
        if (firstRead < first.length) {
            return false;
        }
        proven = user.first(first, in.isReadable());
        if (!proven) {
            close();
        }
        return proven;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        lost("closed by the other end");
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        lost(String.valueOf(cause.getMessage()));
        close();
    }

    private void lost(String why) {
        if (!gone) {
            gone = true;
            loop.dispatch(why, user::gone);
        }
    }
}
