package io.ferrymesh.provider.work;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectPath;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a row of an object is found by: the first half of the SHA-256 of its path, which is too long for an index. */
record PathKey(ByteBuffer hash) {

    private static final int BYTES = 16;

    static PathKey of(String path) {
        return of(path.getBytes(StandardCharsets.UTF_8));
    }

    static PathKey of(ObjectPath path) {
        return of(path.utf8());
    }

    /** As it is in a row. */
    static PathKey ofBytes(byte[] bytes) {
        return new PathKey(ByteBuffer.wrap(bytes));
    }

    byte[] bytes() {
        byte[] bytes = new byte[hash.remaining()];
        hash.duplicate().get(bytes);
        return bytes;
    }

    private static PathKey of(byte[] utf8) {
        return ofBytes(Arrays.copyOf(Digest.sha256(utf8).bytes(), BYTES));
    }
}
