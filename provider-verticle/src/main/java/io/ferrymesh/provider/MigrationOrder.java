package io.ferrymesh.provider;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.stores.ObjectStore;

/**
 * A migration a user wants to arrive here.
 *
 * @param psk closed by the provider as soon as {@link MigrationService#begin} returns
 */
public record MigrationOrder(MigrationId id, Psk psk, ObjectStore store) {}
