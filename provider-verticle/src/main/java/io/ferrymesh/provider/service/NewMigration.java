package io.ferrymesh.provider.service;

import io.ferrymesh.provider.options.MigrationOptions;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import java.util.Optional;

/**
 * What a user wants to arrive.
 *
 * @param psk the caller closes it
 * @param options how it goes; empty for the defaults, or for whatever was asked for before
 * @param schedule when it goes, unless it is there already
 */
public record NewMigration(MigrationId id, Psk psk, Optional<MigrationOptions> options, Schedule schedule) {

    /** As things are by default. */
    public NewMigration(MigrationId id, Psk psk) {
        this(id, psk, Optional.empty(), Schedule.NONE);
    }
}
