package io.ferrymesh.mesh.wire;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.Limits;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Messages as bytes (docs/wire.md, Messages). Decoding is strict and allocates nothing before the length it allocates by
 * was checked; payloads are slices of what came, never copies, so they live as long as it does.
 */
public final class WireFormat {

    /** The only version there is. */
    public static final byte VERSION = 1;

    /** Most streams in one heartbeat. */
    public static final int MAX_BEATS = 1_000;

    private static final int MAX_NAME_BYTES = 64;
    private static final Pattern SUBJECT = Pattern.compile("[a-z0-9.-]+");

    private static final byte REQUEST = 1;
    private static final byte REPLY = 2;
    private static final byte FAILURE = 3;
    private static final byte OPEN = 4;
    private static final byte ACCEPT = 5;
    private static final byte REFUSE = 6;
    private static final byte DATA = 7;
    private static final byte CREDIT = 8;
    private static final byte END = 9;
    private static final byte ENDED = 10;
    private static final byte CANCEL = 11;
    private static final byte HEARTBEAT = 12;
    private static final byte PUBLICATION = 13;
    private static final byte MOVED = 14;

    /** Longest message: the largest request with the longest name. */
    public static final int MAX_MESSAGE_BYTES = Limits.MAX_REQUEST_BYTES + 2 + 2 * Id128.BYTES + 1 + MAX_NAME_BYTES + 4;

    private WireFormat() {}

    /** Appends {@code message} to {@code out}. */
    public static void encode(Message message, Buffer out) {
        if (message instanceof Message.Data data) {
            encodeHead(data, out);
            Buffer unused = out.appendBuffer(data.payload());
        } else if (message instanceof Message.Credit credit) {
            head(out, CREDIT, credit.from(), credit.stream());
            out.appendLong(credit.limit()).appendLong(credit.taken());
        } else if (message instanceof Message.OfStream other) {
            encodeControl(other, out);
        } else if (message instanceof Message.Heartbeat heartbeat) {
            encodeHeartbeat(heartbeat, out);
        } else if (message instanceof Message.Publication publication) {
            id(out.appendByte(VERSION).appendByte(PUBLICATION), publication.from());
            name(out, publication.channel());
            bytes(out, publication.payload());
        } else {
            encodeExchange(message, out);
        }
    }

    /** Appends what comes before a frame's bytes: with those behind it, it is the message. */
    public static void encodeHead(Message.Data data, Buffer out) {
        head(out, DATA, data.from(), data.stream());
        Buffer unused = out.appendLong(data.sequence()).appendInt(data.payload().length());
    }

    private static void encodeControl(Message.OfStream message, Buffer out) {
        if (message instanceof Message.Open open) {
            head(out, OPEN, open.from(), open.stream());
            name(out, open.topic());
            bytes(out, open.hello());
        } else if (message instanceof Message.Accept accept) {
            head(out, ACCEPT, accept.from(), accept.stream());
            out.appendLong(accept.limit());
        } else if (message instanceof Message.Refuse refuse) {
            head(out, REFUSE, refuse.from(), refuse.stream());
            name(out, refuse.code().name());
        } else if (message instanceof Message.End end) {
            head(out, END, end.from(), end.stream());
            out.appendLong(end.frames());
        } else if (message instanceof Message.Ended ended) {
            head(out, ENDED, ended.from(), ended.stream());
        } else if (message instanceof Message.Cancel cancel) {
            head(out, CANCEL, cancel.from(), cancel.stream());
            out.appendByte(cancel.role().wire());
            name(out, cancel.code().name());
        } else if (message instanceof Message.Moved moved) {
            head(out, MOVED, moved.from(), moved.stream());
            out.appendByte(moved.role().wire()).appendLong(moved.position()).appendLong(moved.received());
        } else {
            throw new IllegalStateException("no wire form: " + message.getClass());
        }
    }

    private static void encodeExchange(Message message, Buffer out) {
        if (message instanceof Message.Request request) {
            head(out, REQUEST, request.from(), request.id());
            name(out, request.subject());
            bytes(out, request.payload());
        } else if (message instanceof Message.Reply reply) {
            head(out, REPLY, reply.from(), reply.id());
            bytes(out, reply.payload());
        } else if (message instanceof Message.Failure failure) {
            head(out, FAILURE, failure.from(), failure.id());
            name(out, failure.code().name());
        } else {
            throw new IllegalStateException("no wire form: " + message.getClass());
        }
    }

    private static void encodeHeartbeat(Message.Heartbeat heartbeat, Buffer out) {
        List<Message.Beat> beats = heartbeat.beats();
        if (beats.isEmpty() || beats.size() > MAX_BEATS) {
            throw new IllegalArgumentException("a heartbeat has 1 to " + MAX_BEATS + " streams: " + beats.size());
        }
        id(out.appendByte(VERSION).appendByte(HEARTBEAT), heartbeat.from());
        out.appendUnsignedShort(beats.size());
        for (Message.Beat beat : beats) {
            id(out, beat.stream());
            out.appendByte(beat.role().wire()).appendLong(beat.position()).appendLong(beat.taken());
        }
    }

    /** Reads the message that fills {@code in} from {@code start} to its end, and nothing else. */
    public static Message decode(Buffer in, int start) throws MalformedMessageException {
        Reader reader = new Reader(in, start);
        byte version = reader.octet();
        if (version != VERSION) {
            throw new MalformedMessageException("unknown version " + version);
        }
        byte type = reader.octet();
        Id128 from = reader.id();
        Message message =
                switch (type) {
                    case HEARTBEAT -> heartbeat(reader, from);
                    case PUBLICATION -> publication(reader, from);
                    default -> body(reader, type, from, reader.id());
                };
        reader.end();
        return message;
    }

    private static Message body(Reader in, byte type, Id128 from, Id128 id) throws MalformedMessageException {
        return switch (type) {
            case DATA -> new Message.Data(from, id, in.count(), in.bytes(1, Limits.MAX_FRAME_BYTES));
            case CREDIT -> new Message.Credit(from, id, in.count(), in.count());
            case OPEN -> new Message.Open(from, id, in.subject(), in.bytes(0, Limits.MAX_HELLO_BYTES));
            case ACCEPT -> new Message.Accept(from, id, in.count());
            case REFUSE -> new Message.Refuse(from, id, in.code());
            case END -> new Message.End(from, id, in.count());
            case ENDED -> new Message.Ended(from, id);
            case CANCEL -> new Message.Cancel(from, id, in.role(), in.code());
            case MOVED -> new Message.Moved(from, id, in.role(), in.count(), in.count());
            case REQUEST -> new Message.Request(from, id, in.subject(), in.bytes(0, Limits.MAX_REQUEST_BYTES));
            case REPLY -> new Message.Reply(from, id, in.bytes(0, Limits.MAX_REQUEST_BYTES));
            case FAILURE -> new Message.Failure(from, id, in.code());
            default -> throw new MalformedMessageException("unknown type " + type);
        };
    }

    private static Message publication(Reader in, Id128 from) throws MalformedMessageException {
        return new Message.Publication(from, in.subject(), in.bytes(0, Limits.MAX_REQUEST_BYTES));
    }

    private static Message heartbeat(Reader in, Id128 from) throws MalformedMessageException {
        int count = in.between(1, MAX_BEATS);
        List<Message.Beat> beats = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            beats.add(new Message.Beat(in.id(), in.role(), in.count(), in.count()));
        }
        return new Message.Heartbeat(from, beats);
    }

    private static void head(Buffer out, byte type, Id128 from, Id128 id) {
        id(out.appendByte(VERSION).appendByte(type), from);
        id(out, id);
    }

    private static void id(Buffer out, Id128 id) {
        out.appendLong(id.high()).appendLong(id.low());
    }

    private static void name(Buffer out, String name) {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        out.appendByte((byte) ascii.length).appendBytes(ascii);
    }

    private static void bytes(Buffer out, Buffer payload) {
        out.appendInt(payload.length()).appendBuffer(payload);
    }

    /** Takes fields off the front and checks that they are there. */
    private static final class Reader {
        private final Buffer in;
        private final int length;
        private int at;

        Reader(Buffer in, int start) {
            this.in = in;
            this.length = in.length();
            this.at = start;
        }

        private int take(int bytes) throws MalformedMessageException {
            if (bytes > length - at) {
                throw new MalformedMessageException("ends after " + length + " bytes");
            }
            int here = at;
            at += bytes;
            return here;
        }

        byte octet() throws MalformedMessageException {
            return in.getByte(take(1));
        }

        Id128 id() throws MalformedMessageException {
            int here = take(Id128.BYTES);
            return new Id128(in.getLong(here), in.getLong(here + 8));
        }

        long count() throws MalformedMessageException {
            long count = in.getLong(take(8));
            if (count < 0) {
                throw new MalformedMessageException("negative count");
            }
            return count;
        }

        int between(int least, int most) throws MalformedMessageException {
            int count = in.getUnsignedShort(take(2));
            if (count < least || count > most) {
                throw new MalformedMessageException("not " + least + " to " + most + ": " + count);
            }
            return count;
        }

        Buffer bytes(int least, int most) throws MalformedMessageException {
            int size = in.getInt(take(4));
            if (size < least || size > most) {
                throw new MalformedMessageException("length not " + least + " to " + most + ": " + size);
            }
            int here = take(size);
            return in.slice(here, here + size);
        }

        private String name() throws MalformedMessageException {
            int size = octet();
            if (size < 1 || size > MAX_NAME_BYTES) {
                throw new MalformedMessageException("name length not 1 to " + MAX_NAME_BYTES + ": " + size);
            }
            int here = take(size);
            return in.getString(here, here + size, "US-ASCII");
        }

        String subject() throws MalformedMessageException {
            String name = name();
            if (!SUBJECT.matcher(name).matches()) {
                throw new MalformedMessageException("not a topic");
            }
            return name;
        }

        ErrorCode code() throws MalformedMessageException {
            return ErrorCodes.named(name());
        }

        Role role() throws MalformedMessageException {
            byte role = octet();
            if (role < 0 || role > 1) {
                throw new MalformedMessageException("unknown role " + role);
            }
            return role == 0 ? Role.OPENER : Role.ACCEPTOR;
        }

        void end() throws MalformedMessageException {
            if (at != length) {
                throw new MalformedMessageException((length - at) + " bytes too many");
            }
        }
    }
}
