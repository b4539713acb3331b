package io.ferrymesh.provider;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.stores.ObjectStore;
import java.time.Instant;

/**
 * What a user allows to leave this provider.
 *
 * @param psk closed by the provider as soon as {@link MigrationService#offer} returns
 * @param prefix what the paths of the objects that may leave start with; empty for all
 * @param expiresAt when nobody may claim it any more
 */
public record GrantOffer(MigrationId id, Psk psk, ObjectStore store, String prefix, Instant expiresAt) {}
