package io.ferrymesh.migration;

import io.ferrymesh.scheme.Digest;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What became of one object, or of something in the source that is none.
 *
 * @param path as it is called at the source
 * @param code why; empty when nothing is wrong
 * @param sha256 of its content, once verified; empty for an object of several segments, whose digest is another
 */
public record ObjectResult(String path, Kind kind, Optional<String> code, OptionalLong size, Optional<Digest> sha256) {

    /** What became of it. */
    public enum Kind {
        STORED,
        PRESENT,
        FAILED,
        SKIPPED
    }
}
