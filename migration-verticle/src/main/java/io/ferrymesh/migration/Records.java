package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Voucher;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.Skipped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Writes and reads the records of the control lanes. docs/wire.md, Records. */
final class Records {

    /** Longest receipt, in bytes. */
    static final int MAX_RECEIPT_BYTES = 4 << 10;

    /** Longest name of something skipped, in bytes. */
    private static final int MAX_NAME_BYTES = ObjectPath.MAX_BYTES;

    private static final int MAX_CODE_BYTES = 32;

    /** Most segments in one record, so that it fits a frame. */
    static final int MOST_SEGMENTS = 1_024;

    /** By their number on the wire. */
    private static final List<Skipped.Reason> REASONS = List.of(
            Skipped.Reason.SYMBOLIC_LINK,
            Skipped.Reason.SPECIAL_FILE,
            Skipped.Reason.RESERVED_NAME,
            Skipped.Reason.UNSUPPORTED_NAME,
            Skipped.Reason.UNREADABLE,
            Skipped.Reason.VANISHED);

    private Records() {}

    @SuppressWarnings("JavaInstantGetSecondsGetNano") // both are sent
    static byte[] entry(long index, ObjectInfo info) {
        return ByteBuffer.allocate(1 + 8 + 2 + info.path().length() + 8 + 8 + 4)
                .put(RecordType.ENTRY.code())
                .putLong(index)
                .putShort((short) info.path().length())
                .put(info.path().utf8())
                .putLong(info.size())
                .putLong(info.modified().getEpochSecond())
                .putInt(info.modified().getNano())
                .array();
    }

    static ObjectInfo readEntry(RecordReader in) {
        byte[] path = in.bytes(in.u16());
        long size = in.u63();
        long seconds = in.i64();
        int nanos = in.u31();
        try {
            if (nanos > 999_999_999) {
                throw new IllegalArgumentException("nanoseconds out of range");
            }
            return new ObjectInfo(ObjectPath.ofUtf8(path), size, Instant.ofEpochSecond(seconds, nanos));
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "an entry is not an object: " + e.getMessage(), e);
        }
    }

    static byte[] skipped(Skipped skipped) {
        byte[] name = skipped.name().getBytes(StandardCharsets.UTF_8);
        byte[] kept = name.length > MAX_NAME_BYTES ? Arrays.copyOf(name, MAX_NAME_BYTES) : name;
        return ByteBuffer.allocate(1 + 1 + 2 + kept.length)
                .put(RecordType.SKIPPED.code())
                .put((byte) REASONS.indexOf(skipped.reason()))
                .putShort((short) kept.length)
                .put(kept)
                .array();
    }

    static Skipped readSkipped(RecordReader in) {
        int reason = in.u8();
        if (reason >= REASONS.size()) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "unknown reason " + reason);
        }
        return new Skipped(in.text(MAX_NAME_BYTES), REASONS.get(reason));
    }

    static byte[] listingEnd(long count) {
        return numbered(RecordType.LISTING_END, count);
    }

    static byte[] want(long index) {
        return numbered(RecordType.WANT, index);
    }

    static byte[] compare(long index) {
        return numbered(RecordType.COMPARE, index);
    }

    static byte[] result(long index, Outcome outcome) {
        byte[] code = outcome.wireName().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + 8 + 2 + code.length)
                .put(RecordType.RESULT.code())
                .putLong(index)
                .putShort((short) code.length)
                .put(code)
                .array();
    }

    static Outcome readOutcome(RecordReader in) {
        return Outcome.ofWireName(in.text(MAX_CODE_BYTES));
    }

    /** That an object arrived in an earlier run: some of its segments, the first of which is {@code first}. */
    static byte[] known(long index, boolean stored, int first, List<SafeSegment> segments) {
        ByteBuffer out = ByteBuffer.allocate(1 + 8 + 1 + 4 + 2 + segments.size() * (Digest.LENGTH + Voucher.LENGTH))
                .put(RecordType.KNOWN.code())
                .putLong(index)
                .put((byte) (stored ? 1 : 0))
                .putInt(first)
                .putShort((short) segments.size());
        segments.forEach(
                each -> out.put(each.digest().bytes()).put(each.voucher().bytes()));
        return out.array();
    }

    /** That an object is wanted but for some segments; {@code last} if there are no more of them. */
    static byte[] wantRest(long index, boolean last, List<SafeSegment> segments) {
        ByteBuffer out = ByteBuffer.allocate(1 + 8 + 1 + 2 + segments.size() * (4 + Digest.LENGTH + Voucher.LENGTH))
                .put(RecordType.WANT_REST.code())
                .putLong(index)
                .put((byte) (last ? 1 : 0))
                .putShort((short) segments.size());
        segments.forEach(each -> out.putInt(each.segment())
                .put(each.digest().bytes())
                .put(each.voucher().bytes()));
        return out.array();
    }

    static byte[] agreed(long index) {
        return numbered(RecordType.AGREED, index);
    }

    static byte[] notKnown(long index) {
        return numbered(RecordType.NOT_KNOWN, index);
    }

    /** One of the segments of {@link #known}. */
    static SafeSegment readSafe(int segment, RecordReader in) {
        return new SafeSegment(segment, readDigest(in), readVoucher(in));
    }

    /** How many segments a record says that it holds. */
    static int readSegments(RecordReader in) {
        int count = in.u16();
        if (count == 0 || count > MOST_SEGMENTS) {
            throw new MeshException(
                    ErrorCode.INVALID_MESSAGE, count + " segments in a record that has 1 to " + MOST_SEGMENTS);
        }
        return count;
    }

    static boolean readFlag(RecordReader in) {
        int flag = in.u8();
        if (flag > 1) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a flag is 0 or 1, not " + flag);
        }
        return flag == 1;
    }

    /** @param there whether the mark is; otherwise nothing moves */
    static byte[] marked(boolean there) {
        return new byte[] {RecordType.MARKED.code(), (byte) (there ? 1 : 0)};
    }

    static byte[] receipt(byte[] encoded) {
        return ByteBuffer.allocate(1 + 4 + encoded.length)
                .put(RecordType.RECEIPT.code())
                .putInt(encoded.length)
                .put(encoded)
                .array();
    }

    static byte[] readReceipt(RecordReader in) {
        int length = in.u31();
        if (length > MAX_RECEIPT_BYTES) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a receipt of " + length + " bytes");
        }
        return in.bytes(length);
    }

    static Digest readDigest(RecordReader in) {
        return Digest.of(in.bytes(32));
    }

    static Voucher readVoucher(RecordReader in) {
        return Voucher.of(in.bytes(Voucher.LENGTH));
    }

    private static byte[] numbered(RecordType type, long number) {
        return ByteBuffer.allocate(1 + 8).put(type.code()).putLong(number).array();
    }
}
