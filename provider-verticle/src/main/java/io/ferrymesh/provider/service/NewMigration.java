package io.ferrymesh.provider.service;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;

/**
 * What a user wants to arrive.
 *
 * @param psk the caller closes it
 */
public record NewMigration(MigrationId id, Psk psk) {}
