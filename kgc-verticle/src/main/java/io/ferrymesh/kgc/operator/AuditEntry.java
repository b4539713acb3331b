package io.ferrymesh.kgc.operator;

import java.time.Instant;

/**
 * One entry of the audit log.
 *
 * @param seq from 1, without gaps
 * @param actor an operator, who has the key file, the key centre itself, or a provider, which is not named
 * @param details canonical JSON: an object with sorted keys
 * @param previous hash of the entry before, 64 hex digits
 * @param hash of this entry and the one before, 64 hex digits
 */
public record AuditEntry(
        long seq, Instant at, String actor, String action, String details, String previous, String hash) {}
