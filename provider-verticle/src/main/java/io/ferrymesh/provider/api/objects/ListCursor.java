package io.ferrymesh.provider.api.objects;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.web.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Where a page of a listing ended: a version, 8 bytes that tell which prefix it is of, and the last path. It says nothing that
 * its holder was not told, and grants nothing.
 */
final class ListCursor {

    private static final byte VERSION = 1;
    private static final int MARK = 8;

    private ListCursor() {}

    static String of(String prefix, ObjectPath last) {
        byte[] path = last.utf8();
        byte[] bytes = ByteBuffer.allocate(1 + MARK + path.length)
                .put(VERSION)
                .put(mark(prefix))
                .put(path)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The path that the next page begins after. */
    static ObjectPath parse(String cursor, String prefix) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            boolean ours = bytes.length > 1 + MARK
                    && bytes[0] == VERSION
                    && Arrays.equals(mark(prefix), Arrays.copyOfRange(bytes, 1, 1 + MARK));
            if (ours) {
                return ObjectPath.ofUtf8(Arrays.copyOfRange(bytes, 1 + MARK, bytes.length));
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw Problem.badRequest("cursor must be next of the page before, with the same prefix");
    }

    private static byte[] mark(String prefix) {
        return Arrays.copyOf(
                Digest.sha256(prefix.getBytes(StandardCharsets.UTF_8)).bytes(), MARK);
    }
}
