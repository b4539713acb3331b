package io.ferrymesh.stores.writing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;

/** What a kept object was staged for, as 32 bytes: another path, size, modification time or metadata give others. */
public final class Binding {

    /** Bytes of a binding. */
    public static final int BYTES = 32;

    private static final String LABEL = "ferrymesh kept object 1";

    private Binding() {}

    /** SHA-256 over the label and all of it, each part with its length. */
    public static byte[] of(ObjectInfo info, ObjectMetadata metadata) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            put(out, LABEL);
            put(out, info.path().toString());
            out.writeLong(info.size());
            put(out, info.modified().toString());
            out.writeBoolean(metadata.contentType().isPresent());
            put(out, metadata.contentType().orElse(""));
            for (Map.Entry<String, String> each : new TreeMap<>(metadata.user()).entrySet()) {
                put(out, each.getKey());
                put(out, each.getValue());
            }
            return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory takes what fits into it
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static void put(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
