package io.ferrymesh.provider.engine;

import io.ferrymesh.scheme.Digest;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What became of one object.
 *
 * @param path as it is called at the source
 * @param code why; empty when nothing is wrong
 * @param sha256 of its content, where it is known
 */
public record ObjectOutcome(String path, Kind kind, Optional<String> code, OptionalLong size, Optional<Digest> sha256) {

    /** What became of it. */
    public enum Kind {
        ARRIVED,
        ALREADY_THERE,
        FAILED,
        SKIPPED
    }
}
