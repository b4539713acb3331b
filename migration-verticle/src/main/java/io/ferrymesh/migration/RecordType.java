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
    /** Source: the segment is complete; its digest and voucher. */
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
    RECEIPT(11),
    /** Destination: this object arrived in an earlier run; its segments' digests and vouchers. */
    KNOWN(12),
    /** Source: the vouchers of an object are not right; it is as if nothing had been said of it. */
    NOT_KNOWN(13),
    /** Destination: send this object but for these segments; their digests and vouchers. */
    WANT_REST(14),
    /** Source: the vouchers of an object are right. */
    AGREED(15),
    /** Source: content type and user metadata of the object of the segment that began. */
    META(16),
    /** Source: as BEGIN, in a later round of the object. */
    BEGIN_AGAIN(17),
    /** Destination: look at this object again, for another round. */
    LOOK(18),
    /** Source: what an object that was looked at again is now. */
    ENTRY_AGAIN(19),
    /** Source: an object that was looked at again is not there, or cannot be looked at. */
    GONE(20),
    /** Destination: that was all, and nothing is signed. */
    LOOKED_ONLY(21),
    /** Destination: use so many data lanes. */
    LANES(22),
    /** Source: which part of its store it lists, and whether it erases what arrives. */
    SCOPE(23),
    /** Destination, in a dry run: can this object be read; source: what came of trying. */
    PROBE(24),
    /** Destination of a move: its mark is there, or it only looks and nothing moves. */
    MARKED(25);

    private static final RecordType[] BY_CODE = new RecordType[26];

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
