package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Voucher;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.Skipped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
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
    void metadata_comes_back_as_it_was() {
        var user = new java.util.TreeMap<String, String>();
        for (int i = 0; i < ObjectMetadata.MAX_KEYS; i++) {
            user.put("k%061d".formatted(i), "v");
        }
        for (ObjectMetadata metadata : java.util.List.of(
                new ObjectMetadata(java.util.Optional.of("t".repeat(255)), user),
                new ObjectMetadata(
                        java.util.Optional.empty(), new java.util.TreeMap<>(java.util.Map.of("a", "b", "c", "d e"))),
                new ObjectMetadata(java.util.Optional.of("text/plain"), new java.util.TreeMap<>()))) {
            RecordReader in = reader(MetaRecord.of(metadata));
            assertThat(in.type()).isEqualTo(RecordType.META);
            assertThat(MetaRecord.read(in)).isEqualTo(metadata);
            assertThat(in.hasNext()).isFalse();
        }
    }

    @Test
    void metadata_has_the_bytes_that_the_documentation_says() {
        ObjectMetadata metadata =
                new ObjectMetadata(java.util.Optional.of("a/b"), new java.util.TreeMap<>(java.util.Map.of("k", "v")));

        assertThat(HexFormat.of().formatHex(MetaRecord.of(metadata)))
                .isEqualTo("10" + "0003612f62" + "01" + "00016b" + "000176");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {
                "0000" + "00", // nothing at all
                "0000" + "02" + "00016b" + "000176" + "00016b" + "000176", // a key twice
                "0000" + "02" + "00016c" + "000176" + "00016b" + "000176", // out of order
                "0000" + "01" + "00014b" + "000176", // a key with a capital
                "0000" + "01" + "00016b" + "0000", // no value
                "000109" + "00", // a content type that is a tab
                "0100" + "00", // too long
                "0000" + "ff"
            })
    void metadata_that_nothing_could_keep_is_refused(String hex) {
        assertInvalid(() -> {
            ObjectMetadata unused = MetaRecord.read(reader(HexFormat.of().parseHex(hex)));
        });
    }

    @Test
    void what_is_known_of_segments_has_the_bytes_that_the_documentation_says() {
        SafeSegment safe = new SafeSegment(
                2, Digest.parse("aa".repeat(32)), Voucher.of(HexFormat.of().parseHex("bb".repeat(16))));

        assertThat(HexFormat.of().formatHex(Records.known(1, true, 2, List.of(safe))))
                .isEqualTo("0c" + "0000000000000001" + "01" + "00000002" + "0001" + "aa".repeat(32) + "bb".repeat(16));
        assertThat(HexFormat.of().formatHex(Records.wantRest(1, true, List.of(safe))))
                .isEqualTo("0e" + "0000000000000001" + "01" + "0001" + "00000002" + "aa".repeat(32) + "bb".repeat(16));
        assertThat(HexFormat.of().formatHex(Records.notKnown(1))).isEqualTo("0d" + "0000000000000001");
        assertThat(HexFormat.of().formatHex(Records.agreed(1))).isEqualTo("0f" + "0000000000000001");
    }

    @Test
    void a_record_of_as_many_segments_as_one_may_have_fits_a_frame() {
        SafeSegment safe = new SafeSegment(0, Digest.sha256(), Voucher.of(new byte[16]));
        List<SafeSegment> most = Collections.nCopies(Records.MOST_SEGMENTS, safe);

        assertThat(Records.wantRest(1, true, most)).hasSizeLessThan(Lanes.FRAME_PLAINTEXT_BYTES);
        assertThat(Records.known(1, true, 0, most)).hasSizeLessThan(Lanes.FRAME_PLAINTEXT_BYTES);
        assertInvalid(() -> {
            int unused = Records.readSegments(reader(new byte[] {4, 1}));
        });
        assertInvalid(() -> {
            int unused = Records.readSegments(reader(new byte[] {0, 0}));
        });
        assertInvalid(() -> {
            boolean unused = Records.readFlag(reader(new byte[] {2}));
        });
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
            SafeSegment safe = new SafeSegment(0, Digest.sha256(), Voucher.of(new byte[16]));
            byte[] frame =
                    switch (random.nextInt(5)) {
                        case 0 -> Records.entry(random.nextInt(), INFO);
                        case 1 -> Records.result(random.nextInt(), Outcome.failed(ErrorCode.CONFLICT));
                        case 2 -> Records.known(random.nextInt(), true, 0, List.of(safe, safe));
                        case 3 -> Probed.readable(WithStores.PHOTO).answer(random.nextInt());
                        default -> Records.wantRest(random.nextInt(), true, List.of(safe, safe));
                    };
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
                case LISTING_END, WANT, COMPARE, AGREED, NOT_KNOWN ->
                    assertThat(in.u63()).isNotNegative();
                case BEGIN -> assertThat(in.u63() + in.u31()).isNotNegative();
                case BYTES -> assertThat(in.skip(in.u31())).isNotNegative();
                case END -> {
                    assertThat(Records.readDigest(in)).isNotNull();
                    assertThat(Records.readVoucher(in)).isNotNull();
                }
                case KNOWN -> {
                    assertThat(in.u63()).isNotNegative();
                    boolean unused = Records.readFlag(in);
                    int first = in.u31();
                    int count = Records.readSegments(in);
                    for (int i = 0; i < count; i++) {
                        assertThat(Records.readSafe(first, in).digest()).isNotNull();
                    }
                }
                case WANT_REST -> {
                    assertThat(in.u63()).isNotNegative();
                    boolean unused = Records.readFlag(in);
                    int count = Records.readSegments(in);
                    for (int i = 0; i < count; i++) {
                        assertThat(Records.readSafe(in.u31(), in).voucher()).isNotNull();
                    }
                }
                case ABORT -> assertThat(Records.readOutcome(in)).isNotNull();
                case RESULT -> {
                    long unused = in.u63();
                    assertThat(Records.readOutcome(in)).isNotNull();
                }
                case RECEIPT -> assertThat(Records.readReceipt(in)).isNotNull();
                case SCOPE -> assertThat(Scope.read(in)).isNotNull();
                case PROBE -> {
                    assertThat(in.u63()).isNotNegative();
                    assertThat(Probed.readAnswer(in)).isNotNull();
                }
                case META -> assertThat(MetaRecord.read(in)).isNotNull();
                case BEGIN_AGAIN -> assertThat(in.u63() + in.u31() + in.u8()).isNotNegative();
                case LOOK -> assertThat(in.u63() + in.u8()).isNotNegative();
                case ENTRY_AGAIN -> {
                    long unused = in.u63() + in.u8();
                    assertThat(RoundRecords.readEntryAgain(in, INFO.path())).isNotNull();
                }
                case GONE -> {
                    long unused = in.u63() + in.u8();
                    assertThat(RoundRecords.readSourceCode(in)).isNotNull();
                }
                case LANES -> assertThat(in.u8()).isNotNegative();
                case MARKED -> assertThat(Records.readFlag(in)).isIn(true, false);
                case LOOKED_ONLY -> {}
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
