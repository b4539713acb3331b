package io.ferrymesh.stores.directory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An object's metadata as extended attributes of its file: {@code user.mime_type}, which other programs read and write too,
 * and {@code user.ferrymesh.KEY}. There is no form of these calls relative to an open directory, so they go by path; the
 * caller sees to it that the path leads to a regular file, before and after.
 */
final class FileMetadata {

    private static final String CONTENT_TYPE = "mime_type";
    private static final String USER = "ferrymesh.";

    private FileMetadata() {}

    /** Gives a new file its metadata. */
    static void write(Path file, Object object, ObjectMetadata metadata) throws IOException, StoreException {
        if (metadata.isEmpty()) {
            return;
        }
        UserDefinedFileAttributeView attributes = view(file);
        if (attributes == null) {
            throw unsupported(object, null);
        }
        try {
            if (metadata.contentType().isPresent()) {
                write(attributes, CONTENT_TYPE, metadata.contentType().get());
            }
            for (Map.Entry<String, String> each : metadata.user().entrySet()) {
                write(attributes, USER + each.getKey(), each.getValue());
            }
        } catch (FileSystemException e) {
            if (!isUnsupported(e) && Failures.isFull(file, ObjectMetadata.MAX_TOTAL)) {
                throw e;
            }
            throw unsupported(object, e);
        }
    }

    /** The metadata of a file, without what other programs left there that could not be metadata. */
    static ObjectMetadata read(Path file) throws IOException {
        UserDefinedFileAttributeView attributes = view(file);
        if (attributes == null) {
            return ObjectMetadata.EMPTY;
        }
        List<String> names;
        try {
            names = attributes.list();
        } catch (FileSystemException e) {
            if (isUnsupported(e)) {
                return ObjectMetadata.EMPTY;
            }
            throw e;
        }
        return names.isEmpty() ? ObjectMetadata.EMPTY : read(attributes, names);
    }

    private static ObjectMetadata read(UserDefinedFileAttributeView attributes, List<String> names) throws IOException {
        Optional<String> contentType = names.contains(CONTENT_TYPE)
                ? read(attributes, CONTENT_TYPE, ObjectMetadata.MAX_CONTENT_TYPE)
                : Optional.empty();
        var user = new TreeMap<String, String>();
        int room = ObjectMetadata.MAX_TOTAL;
        for (String name : names.stream().sorted().toList()) {
            String key = name.startsWith(USER) ? name.substring(USER.length()) : "";
            if (!ObjectMetadata.isKey(key) || user.size() == ObjectMetadata.MAX_KEYS) {
                continue;
            }
            Optional<String> value = read(attributes, name, ObjectMetadata.MAX_VALUE);
            if (value.isPresent() && key.length() + value.get().length() <= room) {
                room -= key.length() + value.get().length();
                user.put(key, value.get());
            }
        }
        return new ObjectMetadata(contentType, user);
    }

    private static Optional<String> read(UserDefinedFileAttributeView attributes, String name, int max)
            throws IOException {
        int size = attributes.size(name);
        if (size > max) {
            return Optional.empty();
        }
        ByteBuffer value = ByteBuffer.allocate(max);
        int read = attributes.read(name, value);
        return Optional.of(new String(value.array(), 0, read, ISO_8859_1))
                .filter(text -> ObjectMetadata.isText(text, max));
    }

    private static void write(UserDefinedFileAttributeView attributes, String name, String value) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(value.getBytes(ISO_8859_1));
        int length = bytes.remaining();
        if (attributes.write(name, bytes) != length) {
            throw new IOException("only a part of an extended attribute was written");
        }
    }

    private static @Nullable UserDefinedFileAttributeView view(Path file) {
        return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isUnsupported(FileSystemException e) {
        return String.valueOf(e.getReason()).endsWith("Operation not supported");
    }

    private static StoreException unsupported(Object object, @Nullable IOException cause) {
        String message = object + ": this file system cannot keep such metadata";
        return cause == null
                ? new StoreException(StoreError.UNSUPPORTED_METADATA, message)
                : new StoreException(StoreError.UNSUPPORTED_METADATA, message, cause);
    }
}
