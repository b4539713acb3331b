package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectPath;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The names under which an object can arrive beside one of the same name: {@code name (2).ext}, {@code name (3).ext}. */
final class NamesBeside {

    /** The highest number. */
    static final int MOST = 999;

    private NamesBeside() {}

    /** The name by that number, 1 for its own; empty when it would be too long. A long name is cut before its number. */
    static Optional<ObjectPath> of(ObjectPath path, int number) {
        if (number == 1) {
            return Optional.of(path);
        }
        String whole = path.toString();
        int nameAt = whole.lastIndexOf('/') + 1;
        String name = whole.substring(nameAt);
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String ending = " (" + number + ")" + name.substring(stem.length());
        int room = ObjectPath.MAX_PART_BYTES - bytes(ending);
        String kept = cut(stem, room);
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        String beside = whole.substring(0, nameAt) + kept + ending;
        return bytes(beside) > ObjectPath.MAX_BYTES ? Optional.empty() : Optional.of(ObjectPath.of(beside));
    }

    /** As many whole characters from the start as fit. */
    private static String cut(String text, int room) {
        int end = text.length();
        while (end > 0 && bytes(text.substring(0, end)) > room) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
