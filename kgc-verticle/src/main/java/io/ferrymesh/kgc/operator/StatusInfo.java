package io.ferrymesh.kgc.operator;

/**
 * How the key centre stands.
 *
 * @param fingerprint of the key epoch in force, hex
 * @param keyEpoch its number
 * @param database sqlite or postgresql
 */
public record StatusInfo(
        String fingerprint,
        int keyEpoch,
        String database,
        long providers,
        long certificates,
        long revocations,
        long liveRevocations,
        long auditEntries) {}
