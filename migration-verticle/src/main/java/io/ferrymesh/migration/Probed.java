package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectMetadata;
import java.nio.ByteBuffer;

/**
 * What the source says when it is asked, in a dry run, whether it can read an object. docs/migration.md, Records.
 *
 * @param metadata that the object has, if it could be read
 */
record Probed(Verdict verdict, ObjectMetadata metadata) {

    /** What came of it. */
    enum Verdict {
        READABLE,
        /** It was not tried, because it would have cost too much. */
        NOT_TRIED,
        UNREADABLE,
        /** The object is not there any more. */
        GONE
    }

    static final Probed NOT_TRIED = new Probed(Verdict.NOT_TRIED, ObjectMetadata.EMPTY);
    static final Probed UNREADABLE = new Probed(Verdict.UNREADABLE, ObjectMetadata.EMPTY);
    static final Probed GONE = new Probed(Verdict.GONE, ObjectMetadata.EMPTY);

    // on the wire
    private static final byte ASKED = 0;
    private static final byte WITHOUT_METADATA = 1;
    private static final byte WITH_METADATA = 2;
    private static final byte SAID_NOT_TRIED = 3;
    private static final byte SAID_UNREADABLE = 4;
    private static final byte SAID_GONE = 5;

    static Probed readable(ObjectMetadata metadata) {
        return new Probed(Verdict.READABLE, metadata);
    }

    /** The destination's question. */
    static byte[] question(long index) {
        return record(index, ASKED, new byte[0]);
    }

    /** Reads whose question it is: the index of an object. */
    static long readQuestion(RecordReader in) {
        long index = in.u63();
        if (in.u8() != ASKED) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a destination asks and does not say");
        }
        return index;
    }

    /** The source's answer. */
    byte[] answer(long index) {
        return switch (verdict) {
            case READABLE ->
                metadata.isEmpty()
                        ? record(index, WITHOUT_METADATA, new byte[0])
                        : record(index, WITH_METADATA, MetaRecord.fields(metadata));
            case NOT_TRIED -> record(index, SAID_NOT_TRIED, new byte[0]);
            case UNREADABLE -> record(index, SAID_UNREADABLE, new byte[0]);
            case GONE -> record(index, SAID_GONE, new byte[0]);
        };
    }

    /** Reads the source's answer, behind its index. */
    static Probed readAnswer(RecordReader in) {
        int said = in.u8();
        return switch (said) {
            case WITHOUT_METADATA -> readable(ObjectMetadata.EMPTY);
            case WITH_METADATA -> readable(MetaRecord.read(in));
            case SAID_NOT_TRIED -> NOT_TRIED;
            case SAID_UNREADABLE -> UNREADABLE;
            case SAID_GONE -> GONE;
            default -> throw new MeshException(ErrorCode.INVALID_MESSAGE, "a source does not say " + said);
        };
    }

    private static byte[] record(long index, byte word, byte[] fields) {
        return ByteBuffer.allocate(1 + 8 + 1 + fields.length)
                .put(RecordType.PROBE.code())
                .putLong(index)
                .put(word)
                .put(fields)
                .array();
    }
}
