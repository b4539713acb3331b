package io.ferrymesh.mesh.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.Limits;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.MalformedMessageException;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.WireFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {

    private static final Id128 FROM = new Id128(1, 2);
    private static final Id128 STREAM = new Id128(3, 4);

    private final MessageReader reader = new MessageReader();
    private final List<Message> read = new ArrayList<>();

    private static byte[] written(Message message) {
        Buffer body = Buffer.buffer();
        WireFormat.encode(message, body);
        return Buffer.buffer().appendInt(body.length()).appendBuffer(body).getBytes();
    }

    private void reads(ByteBuf bytes) throws MalformedMessageException {
        reader.read(bytes, read::add);
    }

    @Test
    void messages_come_out_whole_however_they_come_in() throws MalformedMessageException {
        Random random = new Random(1);
        byte[] largest = new byte[Limits.MAX_FRAME_BYTES];
        random.nextBytes(largest);
        List<Message> sent = new ArrayList<>();
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < 50; i++) {
            Message message = i == 25
                    ? new Message.Data(FROM, STREAM, i, Buffer.buffer(largest))
                    : i % 2 == 0
                            ? new Message.Credit(FROM, STREAM, i, i)
                            : new Message.Data(FROM, STREAM, i, Buffer.buffer("frame " + i));
            sent.add(message);
            all.writeBytes(written(message));
        }
        while (all.isReadable()) {
            int some = 1 + random.nextInt(random.nextBoolean() ? 3 : 100_000);
            reads(all.readBytes(Math.min(some, all.readableBytes())));
        }
        assertThat(read).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(written(read.get(i))).isEqualTo(written(sent.get(i)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, WireFormat.MAX_MESSAGE_BYTES + 1})
    void a_length_out_of_bounds_is_refused_before_anything_is_kept_for_it(int length) {
        assertThatThrownBy(() -> reads(Unpooled.buffer().writeInt(length)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("length not 1 to");
    }

    @Test
    void what_is_no_message_is_refused() {
        assertThatThrownBy(() -> reads(Unpooled.buffer().writeInt(3).writeBytes(new byte[] {9, 9, 9})))
                .isInstanceOf(MalformedMessageException.class);
        assertThat(read).isEmpty();
    }
}
