package io.ferrymesh.kgc.operator;

/**
 * What a revocation did.
 *
 * @param number the revocation log's last entry, once this was done
 * @param revoked pseudonyms that were not revoked before and are now
 */
public record RevocationInfo(long number, int revoked) {}
