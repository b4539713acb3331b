package io.ferrymesh.provider.engine;

import io.ferrymesh.mesh.ErrorCode;

/**
 * What stopped a migration.
 *
 * @param message for the user: no secrets, no path outside their own store
 */
public record Failure(ErrorCode code, String message) {}
