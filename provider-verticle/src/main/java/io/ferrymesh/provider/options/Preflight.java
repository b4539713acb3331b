package io.ferrymesh.provider.options;

import java.util.List;
import java.util.OptionalLong;

/**
 * Whether a migration can succeed, as far as a dry run knows.
 *
 * @param freeBytes free at the destination; empty when its store does not know
 * @param quotaBytes left of the account's space; empty when that is not known
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

    public Preflight {
        findings = List.copyOf(findings);
    }
}
