package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.Skipped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordsTest {

    private static final ObjectInfo INFO =
            new ObjectInfo(ObjectPath.of("photos/ü\n1.jpg"), 123_456_789_012L, Instant.ofEpochSecond(-5, 999_999_999));

    @Test
    void an_entry_has_the_bytes_that_the_documentation_says() {
        ObjectInfo info = new ObjectInfo(ObjectPath.of("a"), 2, Instant.ofEpochSecond(3, 4));

        assertThat(HexFormat.of().formatHex(Records.entry(1, info)))
                .isEqualTo("01" + "0000000000000001" + "000161" + "0000000000000002" + "0000000000000003" + "00000004");
    }

    @Test
    void an_entry_comes_back_as_it_was() {
        RecordReader in = reader(Records.entry(7, INFO));

        assertThat(in.type()).isEqualTo(RecordType.ENTRY);
        assertThat(in.u63()).isEqualTo(7);
        assertThat(Records.readEntry(in)).isEqualTo(INFO);
        assertThat(in.hasNext()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Skipped.Reason.class)
    void what_is_skipped_comes_back_with_its_reason(Skipped.Reason reason) {
        RecordReader in = reader(Records.skipped(new Skipped("some\nlink", reason)));

        assertThat(in.type()).isEqualTo(RecordType.SKIPPED);
        assertThat(Records.readSkipped(in)).isEqualTo(new Skipped("some\nlink", reason));
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void every_outcome_comes_back(ErrorCode code) {
        RecordReader in = reader(Records.result(3, Outcome.failed(code)));

        assertThat(in.type()).isEqualTo(RecordType.RESULT);
        assertThat(in.u63()).isEqualTo(3);
        assertThat(Records.readOutcome(in)).isEqualTo(Outcome.failed(code));
        assertThat(Records.readOutcome(after(Records.result(3, Outcome.STORED))))
                .isEqualTo(Outcome.STORED);
        assertThat(Records.readOutcome(after(Records.result(3, Outcome.PRESENT))))
                .isEqualTo(Outcome.PRESENT);
    }

    @Test
    void paths_that_lead_out_of_the_root_are_refused() {
        for (String path : new String[] {"../x", "/etc/passwd", "a/../../b", "a//b", ".", "a/./b", "a\0b", ""}) {
            byte[] utf8 = path.getBytes(StandardCharsets.UTF_8);
            byte[] entry = ByteBuffer.allocate(2 + utf8.length + 20)
                    .putShort((short) utf8.length)
                    .put(utf8)
                    .array();

            assertInvalid(() -> {
                ObjectInfo unused = Records.readEntry(reader(entry));
            });
        }
    }

    @Test
    void numbers_out_of_range_are_refused() {
        byte[] negative = new byte[8];
        negative[0] = (byte) 0x80;
        assertInvalid(() -> {
            long unused = reader(negative).u63();
        });
        assertInvalid(() -> {
            int unused = reader(new byte[] {-1, -1, -1, -1}).u31();
        });
        assertInvalid(() -> {
            RecordType unused = reader(new byte[] {0}).type();
        });
        assertInvalid(() -> {
            RecordType unused = reader(new byte[] {99}).type();
        });
        assertInvalid(() -> {
            byte[] unused = Records.readReceipt(reader(new byte[] {0, 1, 0, 0}));
        });
    }

    @Test
    void a_record_cut_anywhere_is_refused() {
        byte[] whole = Records.entry(7, INFO);
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertInvalid(() -> readAnything(reader(cut)));
        }
    }

    /** Seeds are fixed, so a failure repeats. */
    @Test
    void random_frames_are_read_or_refused_and_nothing_else() {
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] frame = random.nextBoolean()
                    ? Records.entry(random.nextInt(), INFO)
                    : Records.result(random.nextInt(), Outcome.failed(ErrorCode.CONFLICT));
            for (int i = 0; i < 3; i++) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            try {
                readAnything(reader(frame));
            } catch (MeshException e) {
                assertThat(e.code()).as("seed %d", seed).isEqualTo(ErrorCode.INVALID_MESSAGE);
            }
        }
    }

    private static void readAnything(RecordReader in) {
        while (in.hasNext()) {
            switch (in.type()) {
                case ENTRY -> {
                    long unused = in.u63();
                    ObjectInfo info = Records.readEntry(in);
                    assertThat(info.size()).isNotNegative();
                }
                case SKIPPED -> assertThat(Records.readSkipped(in)).isNotNull();
                case LISTING_END, WANT, COMPARE -> assertThat(in.u63()).isNotNegative();
                case BEGIN -> assertThat(in.u63() + in.u31()).isNotNegative();
                case BYTES -> assertThat(in.skip(in.u31())).isNotNegative();
                case END -> assertThat(Records.readDigest(in)).isNotNull();
                case ABORT -> assertThat(Records.readOutcome(in)).isNotNull();
                case RESULT -> {
                    long unused = in.u63();
                    assertThat(Records.readOutcome(in)).isNotNull();
                }
                case RECEIPT -> assertThat(Records.readReceipt(in)).isNotNull();
            }
        }
    }

    private static void assertInvalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable read) {
        assertThatThrownBy(read).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.INVALID_MESSAGE));
    }

    private static RecordReader reader(byte[] bytes) {
        return new RecordReader(bytes, 0, bytes.length);
    }

    /** A reader of a result, behind its type and index. */
    private static RecordReader after(byte[] result) {
        return new RecordReader(result, 9, result.length - 9);
    }
}
