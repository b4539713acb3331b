package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectPath;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the source says of its grant before it lists: which part of its store it lists, and whether it erases what arrived.
 *
 * @param prefix of the paths that may leave; empty for all
 * @param moves whether the source erases what the receipt covers
 */
record Scope(String prefix, boolean moves) {

    byte[] record() {
        byte[] utf8 = prefix.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + 1 + 2 + utf8.length)
                .put(RecordType.SCOPE.code())
                .put((byte) (moves ? 1 : 0))
                .putShort((short) utf8.length)
                .put(utf8)
                .array();
    }

    static Scope read(RecordReader in) {
        boolean moves = Records.readFlag(in);
        byte[] utf8 = in.bytes(in.u16());
        String prefix = new String(utf8, StandardCharsets.UTF_8);
        if (utf8.length > ObjectPath.MAX_BYTES
                || !java.util.Arrays.equals(utf8, prefix.getBytes(StandardCharsets.UTF_8))) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "what the source lists is no prefix of a path");
        }
        return new Scope(prefix, moves);
    }
}
