package io.ferrymesh.migration;

import java.util.List;
import java.util.OptionalLong;

/**
 * Whether a migration can succeed, as far as that is known before anything is moved.
 *
 * @param freeBytes free at the destination; empty when its store does not know
 * @param quotaBytes left of what the user may use there; empty when there is no quota, or it is not known
 * @param objectsProbed of which the source has tried to read the first byte
 * @param objectsNotProbed of which it has not, because that would have cost too many requests
 * @param findings at most one of a kind, what blocks first
 */
public record Preflight(
        OptionalLong freeBytes,
        OptionalLong quotaBytes,
        long objectsProbed,
        long objectsNotProbed,
        List<Finding> findings) {

    /** When nothing was looked at and nothing found. */
    public static final Preflight NOTHING = new Preflight(OptionalLong.empty(), OptionalLong.empty(), 0, 0, List.of());

    public Preflight {
        findings = List.copyOf(findings);
    }

    /** Whether the migration would stop. */
    public boolean blocks() {
        return findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.BLOCKS);
    }
}
