package io.ferrymesh.mesh.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.Limits;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WireFormatTest {

    private static final Id128 FROM = new Id128(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
    private static final Id128 ID = new Id128(-1, 7);
    private static final String HEAD = "0102030405060708090a0b0c0d0e0f10ffffffffffffffff0000000000000007";
    private static final String BEAT = "ffffffffffffffff000000000000000700000000000000000500000000000000";

    static Stream<Message> messages() {
        Buffer payload = Buffer.buffer("payload");
        return Stream.of(
                new Message.Request(FROM, ID, "a.topic-1", payload),
                new Message.Request(FROM, ID, "t", Buffer.buffer()),
                new Message.Reply(FROM, ID, payload),
                new Message.Failure(FROM, ID, ErrorCode.QUOTA_EXCEEDED),
                new Message.Open(FROM, ID, "lane", payload),
                new Message.Accept(FROM, ID, Limits.MAX_WINDOW_BYTES),
                new Message.Refuse(FROM, ID, ErrorCode.OVERLOADED),
                new Message.Data(FROM, ID, Long.MAX_VALUE, payload),
                new Message.Credit(FROM, ID, 1L << 40, 12),
                new Message.End(FROM, ID, 3),
                new Message.Ended(FROM, ID),
                new Message.Cancel(FROM, ID, Role.ACCEPTOR, ErrorCode.CANCELLED),
                new Message.Moved(FROM, ID, Role.ACCEPTOR, 1L << 40, 12),
                new Message.Publication(FROM, "bulletins", payload),
                new Message.Heartbeat(
                        FROM,
                        List.of(new Message.Beat(ID, Role.OPENER, 5, 0), new Message.Beat(FROM, Role.ACCEPTOR, 9, 2))));
    }

    private static Buffer encoded(Message message) {
        Buffer out = Buffer.buffer();
        WireFormat.encode(message, out);
        return out;
    }

    @ParameterizedTest
    @MethodSource("messages")
    void what_was_encoded_is_decoded(Message message) throws MalformedMessageException {
        Buffer before = Buffer.buffer("of others");
        Message decoded = WireFormat.decode(before.copy().appendBuffer(encoded(message)), before.length());
        assertThat(decoded.toString()).isEqualTo(message.toString());
        assertThat(encoded(decoded).getBytes()).isEqualTo(encoded(message).getBytes());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void every_missing_byte_is_noticed(Message message) {
        Buffer whole = encoded(message);
        for (int length = 0; length < whole.length(); length++) {
            Buffer cut = whole.slice(0, length);
            assertThatThrownBy(() -> WireFormat.decode(cut, 0)).isInstanceOf(MalformedMessageException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_trailing_byte_is_noticed(Message message) {
        Buffer longer = encoded(message).appendByte((byte) 0);
        assertThatThrownBy(() -> WireFormat.decode(longer, 0)).isInstanceOf(MalformedMessageException.class);
    }

    /** The bytes are docs/wire.md, Messages, written by hand. */
    @ParameterizedTest
    @CsvSource({
        "01 09 HEAD 0000000000000003, End",
        "01 0a HEAD, Ended",
        "01 07 HEAD 0000000000000001 00000002 abcd, Data",
        "01 08 HEAD 0000000000000001 0000000000000002, Credit",
        "01 04 HEAD 04 6c616e65 00000000, Open",
        "01 05 HEAD 0000000000000001, Accept",
        "01 06 HEAD 08 494e5445524e414c, Refuse",
        "01 0b HEAD 01 08 494e5445524e414c, Cancel",
        "01 0e HEAD 01 0000000000000001 0000000000000002, Moved",
        "01 01 HEAD 01 74 00000001 ff, Request",
        "01 02 HEAD 00000000, Reply",
        "01 03 HEAD 08 494e5445524e414c, Failure",
        "01 0c 0102030405060708090a0b0c0d0e0f10 0001 BEAT 00, Heartbeat",
        "01 0d 0102030405060708090a0b0c0d0e0f10 01 74 00000001 ff, Publication",
    })
    void the_documented_layouts_are_what_is_read(String hex, String type) throws MalformedMessageException {
        Message message = WireFormat.decode(bytes(hex), 0);
        assertThat(message.getClass().getSimpleName()).isEqualTo(type);
        assertThat(message.from()).isEqualTo(FROM);
        assertThat(encoded(message).getBytes()).isEqualTo(bytes(hex).getBytes());
    }

    @ParameterizedTest
    @CsvSource({
        "02 0a HEAD, unknown version 2",
        "00 0a HEAD, unknown version 0",
        "01 00 HEAD, unknown type 0",
        "01 0f HEAD, unknown type 15",
        "01 0e HEAD 02 0000000000000001 0000000000000002, unknown role 2",
        "01 0e HEAD 00 0000000000000001 8000000000000000, negative count",
        "01 09 HEAD 8000000000000000, negative count",
        "01 08 HEAD 8000000000000000 0000000000000000, negative count",
        "01 07 HEAD 0000000000000000 00000000, length not 1 to 1048576: 0",
        "01 07 HEAD 0000000000000000 ffffffff, length not 1 to 1048576: -1",
        "01 07 HEAD 0000000000000000 00100001, length not 1 to 1048576: 1048577",
        "01 04 HEAD 01 74 00001001, length not 0 to 4096: 4097",
        "01 02 HEAD 7fffffff, length not 0 to 1048576: 2147483647",
        "01 04 HEAD 01 54 00000000, not a topic",
        "01 01 HEAD 00 00000000, name length not 1 to 64: 0",
        "01 01 HEAD 41 00000000, name length not 1 to 64: 65",
        "01 01 HEAD ff 00000000, name length not 1 to 64: -1",
        "01 0d 0102030405060708090a0b0c0d0e0f10 01 54 00000000, not a topic",
        "01 0d 0102030405060708090a0b0c0d0e0f10 01 74 00100001, length not 0 to 1048576: 1048577",
        "01 0b HEAD 02 08 494e5445524e414c, unknown role 2",
        "01 0c 0102030405060708090a0b0c0d0e0f10 0000, not 1 to 1000: 0",
        "01 0c 0102030405060708090a0b0c0d0e0f10 03e9, not 1 to 1000: 1001",
    })
    void what_breaks_a_bound_is_refused(String hex, String reason) {
        assertThatThrownBy(() -> WireFormat.decode(bytes(hex), 0))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage(reason);
    }

    @Test
    void a_code_this_version_does_not_know_is_internal() throws MalformedMessageException {
        Message message = WireFormat.decode(bytes("01 06 HEAD 03 4e4557"), 0);
        assertThat(message).isEqualTo(new Message.Refuse(FROM, ID, ErrorCode.INTERNAL));
    }

    @Test
    void a_heartbeat_of_none_or_too_many_streams_is_not_written() {
        Message.Beat beat = new Message.Beat(ID, Role.OPENER, 0, 0);
        List<Message.Beat> tooMany = Collections.nCopies(WireFormat.MAX_BEATS + 1, beat);
        assertThatThrownBy(() -> encoded(new Message.Heartbeat(FROM, tooMany)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_payload_is_a_slice_of_what_came() throws MalformedMessageException {
        Buffer wire = encoded(new Message.Data(FROM, ID, 0, Buffer.buffer("payload")));
        Message.Data data = (Message.Data) WireFormat.decode(wire, 0);
        wire.setByte(wire.length() - 1, (byte) '!');
        assertThat(data.payload()).hasToString("payloa!");
    }

    @Test
    void garbage_is_a_message_or_malformed_and_nothing_else() {
        Random random = new Random(20_260_101);
        List<Buffer> seeds = messages().map(WireFormatTest::encoded).toList();
        int malformed = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = seeds.get(random.nextInt(seeds.size())).getBytes();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                Message decoded = WireFormat.decode(Buffer.buffer(bytes), 0);
                assertThat(decoded.from()).isNotNull();
            } catch (MalformedMessageException e) {
                malformed++;
            }
        }
        assertThat(malformed).isGreaterThan(1_000);
    }

    private static Buffer bytes(String hex) {
        String digits = hex.replace("HEAD", HEAD).replace("BEAT", BEAT).replace(" ", "");
        Buffer buffer = Buffer.buffer();
        for (int i = 0; i < digits.length(); i += 2) {
            buffer = buffer.appendByte((byte) Integer.parseInt(digits.substring(i, i + 2), 16));
        }
        return buffer;
    }
}
