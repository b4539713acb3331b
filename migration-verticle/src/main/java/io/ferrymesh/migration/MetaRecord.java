package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectMetadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeMap;

/** The record that carries an object's content type and user metadata. docs/migration.md, Records. */
final class MetaRecord {

    /** More than the longest one has. */
    static final int MAX_BYTES = 4 << 10;

    private MetaRecord() {}

    static byte[] of(ObjectMetadata metadata) {
        byte[] fields = fields(metadata);
        return ByteBuffer.allocate(1 + fields.length)
                .put(RecordType.META.code())
                .put(fields)
                .array();
    }

    /** The same without its type. */
    static byte[] fields(ObjectMetadata metadata) {
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
        put(out, metadata.contentType().orElse(""));
        out.put((byte) metadata.user().size());
        metadata.user().forEach((key, value) -> {
            put(out, key);
            put(out, value);
        });
        byte[] fields = new byte[out.position()];
        out.flip().get(fields);
        return fields;
    }

    /** Takes what a store could keep, keys in their order and once each, and something at all; refuses the rest. */
    static ObjectMetadata read(RecordReader in) {
        String type = in.text(ObjectMetadata.MAX_CONTENT_TYPE);
        int pairs = in.u8();
        TreeMap<String, String> user = new TreeMap<>();
        for (int i = 0; i < pairs; i++) {
            String key = in.text(64);
            if (!user.isEmpty() && user.lastKey().compareTo(key) >= 0) {
                throw new MeshException(ErrorCode.INVALID_MESSAGE, "metadata keys out of order");
            }
            user.put(key, in.text(ObjectMetadata.MAX_VALUE));
        }
        try {
            ObjectMetadata metadata = new ObjectMetadata(type.isEmpty() ? Optional.empty() : Optional.of(type), user);
            if (metadata.isEmpty()) {
                throw new IllegalArgumentException("it is empty");
            }
            return metadata;
        } catch (IllegalArgumentException e) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "metadata that nothing can keep: " + e.getMessage(), e);
        }
    }

    private static void put(ByteBuffer out, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        out.putShort((short) ascii.length).put(ascii);
    }
}
