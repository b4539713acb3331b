package io.ferrymesh.migration;

import io.ferrymesh.scheme.Digest;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What became of one object, or of something in the source that is none.
 *
 * @param path as it is called at the source
 * @param storedAs as it is called at the destination, if that is something else
 * @param code why it did not arrive, or what is worth knowing of it if it did; empty when there is nothing to say
 * @param sha256 of its content, once verified; empty for an object of several segments, whose digest is another
 */
public record ObjectResult(
        String path,
        Optional<String> storedAs,
        Kind kind,
        Optional<String> code,
        OptionalLong size,
        Optional<Digest> sha256) {

    /** What became of it. */
    public enum Kind {
        STORED,
        PRESENT,
        FAILED,
        SKIPPED
    }
}
