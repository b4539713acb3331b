package io.ferrymesh.kgc.operator;

import java.time.Instant;

/**
 * A backup that was made.
 *
 * @param file its name in the backup directory
 * @param sha256 of the file, in hex
 * @param auditEntries how far the audit log in it goes
 */
public record BackupInfo(String file, long bytes, String sha256, long auditEntries, Instant at) {}
