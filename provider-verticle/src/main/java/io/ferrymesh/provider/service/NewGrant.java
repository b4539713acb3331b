package io.ferrymesh.provider.service;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;

/**
 * What a user lets leave.
 *
 * @param psk the caller closes it
 * @param prefix of the paths that may leave; empty for all
 * @param expiresInSeconds 60 to 604,800
 * @param move whether what has arrived is erased here
 */
public record NewGrant(MigrationId id, Psk psk, String prefix, long expiresInSeconds, boolean move) {

    /** One of which nothing is erased. */
    public NewGrant(MigrationId id, Psk psk, String prefix, long expiresInSeconds) {
        this(id, psk, prefix, expiresInSeconds, false);
    }
}
