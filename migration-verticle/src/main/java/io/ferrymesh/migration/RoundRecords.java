package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/** The records by which an object gets another round. docs/migration.md, Records. */
final class RoundRecords {

    private RoundRecords() {}

    static byte[] look(long index, int round) {
        return ByteBuffer.allocate(1 + 8 + 1)
                .put(RecordType.LOOK.code())
                .putLong(index)
                .put((byte) round)
                .array();
    }

    @SuppressWarnings("JavaInstantGetSecondsGetNano") // both are sent
    static byte[] entryAgain(long index, int round, ObjectInfo info) {
        return ByteBuffer.allocate(1 + 8 + 1 + 8 + 8 + 4)
                .put(RecordType.ENTRY_AGAIN.code())
                .putLong(index)
                .put((byte) round)
                .putLong(info.size())
                .putLong(info.modified().getEpochSecond())
                .putInt(info.modified().getNano())
                .array();
    }

    /** Reads what an object is now; its path cannot change. */
    static ObjectInfo readEntryAgain(RecordReader in, ObjectPath path) {
        long size = in.u63();
        long seconds = in.i64();
        int nanos = in.u31();
        try {
            if (nanos > 999_999_999 || size > Segments.MAX_OBJECT_BYTES) {
                throw new IllegalArgumentException("size or nanoseconds out of range");
            }
            return new ObjectInfo(path, size, Instant.ofEpochSecond(seconds, nanos));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "an entry is not an object: " + e.getMessage(), e);
        }
    }

    static byte[] gone(long index, int round, ErrorCode code) {
        byte[] name = code.name().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + 8 + 1 + 2 + name.length)
                .put(RecordType.GONE.code())
                .putLong(index)
                .put((byte) round)
                .putShort((short) name.length)
                .put(name)
                .array();
    }

    /** Reads why a source cannot send an object: it says only what is its own to say. */
    static ErrorCode readSourceCode(RecordReader in) {
        ErrorCode code = Records.readOutcome(in).error();
        if (code != ErrorCode.SOURCE_CHANGED && code != ErrorCode.SOURCE_UNREADABLE) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a source does not say " + code + " of an object");
        }
        return code;
    }

    static byte[] lanes(int count) {
        return new byte[] {RecordType.LANES.code(), (byte) count};
    }

    static byte[] lookedOnly() {
        return new byte[] {RecordType.LOOKED_ONLY.code()};
    }
}
