package io.ferrymesh.provider.work;

import io.ferrymesh.scheme.MigrationId;

/**
 * The right to work on one row: it holds as long as nobody was given a later one.
 *
 * @param holder the process
 * @param fence grows with each
 */
record Lease(MigrationId id, String holder, long fence) {}
