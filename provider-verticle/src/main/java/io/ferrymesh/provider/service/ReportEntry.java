package io.ferrymesh.provider.service;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What became of one object.
 *
 * @param number counts within the migration from 1, for asking on
 * @param outcome ARRIVED, ALREADY_THERE, FAILED, SKIPPED, or REMOVED by a mirror
 * @param code why, of the project's closed set; empty when nothing is wrong
 * @param sha256 lower-case hex, once verified
 */
public record ReportEntry(
        long number, String path, Outcome outcome, Optional<String> code, OptionalLong size, Optional<String> sha256) {

    /** What became of it. */
    public enum Outcome {
        ARRIVED,
        ALREADY_THERE,
        FAILED,
        SKIPPED,
        REMOVED
    }
}
