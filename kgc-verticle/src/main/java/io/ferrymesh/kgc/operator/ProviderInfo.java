package io.ferrymesh.kgc.operator;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * An enrolled provider, or one that can enrol.
 *
 * @param number given once, ascending from 1
 * @param revoked whether it gets no more certificates
 * @param quota certificates in an epoch of its own; empty for the default
 * @param quotaInForce what it may have in this epoch
 * @param usedInEpoch what it had in this epoch
 * @param unexpired certificates it holds that have not expired, revoked ones included
 */
public record ProviderInfo(
        long number,
        String name,
        boolean revoked,
        OptionalInt quota,
        int quotaInForce,
        int usedInEpoch,
        long unexpired,
        Instant createdAt) {}
