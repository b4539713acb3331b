package io.ferrymesh.stores.directory;

import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;

/**
 * From the file system's failures to the store's. The JDK has no error numbers, so some are told by their text, which a
 * translated C library would change: where that matters the caller looks at the state of the file system too.
 */
final class Failures {

    private static final Map<String, StoreError> BY_TEXT = Map.of(
            "No space left on device", StoreError.FULL,
            "Disk quota exceeded", StoreError.FULL,
            "File name too long", StoreError.UNSUPPORTED_PATH,
            "Invalid argument", StoreError.UNSUPPORTED_PATH,
            "Read-only file system", StoreError.NOT_WRITABLE,
            "Operation not permitted", StoreError.NOT_WRITABLE);

    private static final long NEARLY_FULL_BYTES = 64 << 10;

    private Failures() {}

    /** A failure to read, or only to look. */
    static StoreException reading(Object object, IOException cause) {
        if (cause instanceof NoSuchFileException || cause instanceof NotDirectoryException) {
            return new StoreException(StoreError.NOT_FOUND, object + ": not found", cause);
        }
        if (cause instanceof AccessDeniedException) {
            return new StoreException(StoreError.NOT_READABLE, object + ": permission denied", cause);
        }
        StoreError known = BY_TEXT.get(reason(cause));
        StoreError error = known == StoreError.UNSUPPORTED_PATH ? known : StoreError.IO_ERROR;
        return as(error, object, cause);
    }

    /** A failure to write. */
    static StoreException writing(Object object, IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return new StoreException(StoreError.NOT_WRITABLE, object + ": permission denied", cause);
        }
        if (cause instanceof AtomicMoveNotSupportedException) {
            return new StoreException(StoreError.NOT_WRITABLE, object + ": lies on another file system", cause);
        }
        StoreError error = BY_TEXT.getOrDefault(reason(cause), StoreError.IO_ERROR);
        return as(error, object, cause);
    }

    /** A failure to write so many bytes at a place in staging, or to find there what was being written. */
    static StoreException writing(Object object, IOException cause, Path place, int length) {
        if (cause instanceof NoSuchFileException) {
            return new StoreException(StoreError.IO_ERROR, object + ": somebody else has it by now", cause);
        }
        StoreException failure = writing(object, cause);
        return failure.error() == StoreError.IO_ERROR && isFull(place, length)
                ? as(StoreError.FULL, object, cause)
                : failure;
    }

    /** A failure whose kind the caller knows better. */
    static StoreException as(StoreError error, Object object, IOException cause) {
        return new StoreException(error, object + ": " + reason(cause), cause);
    }

    /** Told by the space that is left, for a C library that words its errors in another language. */
    static boolean isFull(Path place, int wanted) {
        try {
            return Files.getFileStore(place).getUsableSpace() < wanted + NEARLY_FULL_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    static boolean tooManyOpenFiles(IOException cause) {
        return reason(cause).startsWith("Too many open files");
    }

    /** What went wrong, without the full path that the JDK puts in front. */
    private static String reason(IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return "interrupted";
        }
        String text = cause instanceof FileSystemException named ? named.getReason() : cause.getMessage();
        return text == null ? cause.getClass().getSimpleName() : text;
    }
}
