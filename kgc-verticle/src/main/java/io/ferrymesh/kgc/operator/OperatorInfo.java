package io.ferrymesh.kgc.operator;

import java.time.Instant;

/**
 * An operator as the list shows it.
 *
 * @param genuine whether the row's MAC is right and no entry removed it; one that is not can do nothing, and somebody wrote to
 *     the database
 */
public record OperatorInfo(String name, Role role, Instant createdAt, boolean genuine) {}
