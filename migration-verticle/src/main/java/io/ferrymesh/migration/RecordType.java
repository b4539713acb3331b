package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;

/** The kinds of records inside a lane's frames. docs/wire.md, Records. */
enum RecordType {
    /** Source: an object it has. */
    ENTRY(1),
    /** Source: something it has that is not an object. */
    SKIPPED(2),
    /** Source: the listing is complete. */
    LISTING_END(3),
    /** Source: a segment of an object starts in this lane. */
    BEGIN(4),
    /** Source: bytes of the segment that began. */
    BYTES(5),
    /** Source: the segment is complete; its digest. */
    END(6),
    /** Source: the object that began cannot be sent. */
    ABORT(7),
    /** Destination: send this object. */
    WANT(8),
    /** Destination: something of that name and size is here; send its digests. */
    COMPARE(9),
    /** Destination: what became of an object. */
    RESULT(10),
    /** Either: a receipt, signed so far. */
    RECEIPT(11);

    private static final RecordType[] BY_CODE = new RecordType[12];

    static {
        for (RecordType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final byte code;

    RecordType(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static RecordType of(byte code) {
        if (code <= 0 || code >= BY_CODE.length) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "unknown record type " + code);
        }
        return BY_CODE[code];
    }
}
