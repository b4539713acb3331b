package io.ferrymesh.stores.directory;

import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** Modification times as the JDK can set them. */
final class FileTimes {

    private FileTimes() {}

    /** Before 1970 without the fraction of a second: given one, JDK 17 would set 1970 without a word. */
    static FileTime settable(Instant modified) {
        return FileTime.from(
                modified.getEpochSecond() < 0 ? Instant.ofEpochSecond(modified.getEpochSecond()) : modified);
    }
}
