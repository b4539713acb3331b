package io.ferrymesh.stores;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What is kept with an object besides its bytes. The bounds are what every kind of store can hold. All text is printable
 * ASCII and neither starts nor ends with a space, so it passes through a header field unchanged.
 *
 * @param contentType as in HTTP, up to 255 characters; empty when nobody said one
 * @param user the user's own pairs: at most 32 keys of 1 to 64 of a-z, 0-9 and {@code -}, each with a value of 1 to 1,024
 *     characters, together no more than 2,048 characters
 */
public record ObjectMetadata(Optional<String> contentType, SortedMap<String, String> user) {

    /** None at all. */
    public static final ObjectMetadata EMPTY = new ObjectMetadata(Optional.empty(), new TreeMap<>());

    /** Most characters of a content type. */
    public static final int MAX_CONTENT_TYPE = 255;

    /** Most characters of a value. */
    public static final int MAX_VALUE = 1_024;

    /** Most characters of all keys and values together. */
    public static final int MAX_TOTAL = 2_048;

    /** Most keys. */
    public static final int MAX_KEYS = 32;

    private static final Pattern KEY = Pattern.compile("[a-z0-9-]{1,64}");

    /** Refuses, by {@link IllegalArgumentException}, what a store may be unable to keep. */
    public ObjectMetadata {
        contentType.ifPresent(type -> checkText("contentType", type, MAX_CONTENT_TYPE));
        var copy = new TreeMap<>(user);
        int total = 0;
        for (var entry : copy.entrySet()) {
            String key = entry.getKey();
            if (!isKey(key)) {
                throw new IllegalArgumentException("a metadata key has 1 to 64 of a-z, 0-9 and -, unlike " + key);
            }
            checkText("metadata " + key, entry.getValue(), MAX_VALUE);
            total += key.length() + entry.getValue().length();
        }
        if (copy.size() > MAX_KEYS) {
            throw new IllegalArgumentException("metadata has at most " + MAX_KEYS + " keys, not " + copy.size());
        }
        if (total > MAX_TOTAL) {
            throw new IllegalArgumentException(
                    "metadata has at most " + MAX_TOTAL + " characters in all, not " + total);
        }
        user = Collections.unmodifiableSortedMap(copy);
    }

    /** Whether there is nothing to keep. */
    public boolean isEmpty() {
        return contentType.isEmpty() && user.isEmpty();
    }

    /** Whether a key is one that {@link #user} may have. */
    public static boolean isKey(String key) {
        return KEY.matcher(key).matches();
    }

    /** Whether a text is a value, or with {@link #MAX_CONTENT_TYPE} a content type, that can be kept. */
    public static boolean isText(String text, int max) {
        return !text.isEmpty()
                && text.length() <= max
                && text.chars().allMatch(c -> c >= ' ' && c <= '~')
                && text.charAt(0) != ' '
                && text.charAt(text.length() - 1) != ' ';
    }

    private static void checkText(String name, String text, int max) {
        if (!isText(text, max)) {
            throw new IllegalArgumentException(
                    name + " must be 1 to " + max + " printable ASCII characters without a space at either end");
        }
    }
}
