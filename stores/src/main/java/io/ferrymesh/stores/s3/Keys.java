package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.nio.charset.StandardCharsets;

/** From objects' paths to keys and back: a prefix and the path. */
record Keys(String prefix) {

    /** Longest key in bytes, everywhere. */
    static final int MAX_BYTES = 1_024;

    String of(ObjectPath path) {
        return prefix + path;
    }

    /** A key for a new object; refuses one that no server holds. */
    String ofNew(ObjectPath path) throws StoreException {
        int bytes = prefix.getBytes(StandardCharsets.UTF_8).length + path.length();
        if (bytes > MAX_BYTES) {
            throw new StoreException(
                    StoreError.UNSUPPORTED_PATH, path + ": a key has at most " + MAX_BYTES + " bytes, not " + bytes);
        }
        return of(path);
    }

    /** What comes after the prefix, which may be no path. */
    String relative(String key) {
        return key.startsWith(prefix) ? key.substring(prefix.length()) : key;
    }

    /** Whether any path can start like this; keys of other programs are not asked for. */
    static boolean canStartPath(String start) {
        int slash = start.lastIndexOf('/');
        if (start.indexOf('\0') >= 0) {
            return false;
        }
        try {
            return slash < 0 || ObjectPath.of(start.substring(0, slash + 1)).isDirectory();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
