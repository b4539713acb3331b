package io.ferrymesh.migration;

/**
 * Something that did not move.
 *
 * @param name its path
 * @param code an {@link io.ferrymesh.mesh.ErrorCode} or a {@link io.ferrymesh.stores.Skipped.Reason}
 * @param failure whether data the user may have wanted is missing; false for what is left by design
 */
public record Problem(String name, String code, boolean failure) {}
