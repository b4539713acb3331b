package io.ferrymesh.provider;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.keys.ProviderSecrets;

/**
 * What a provider keeps from one start to the next, the same for all its processes.
 *
 * @param database opened with {@link ProviderDatabase#MIGRATIONS}
 * @param secrets what lies sealed in the database is sealed with
 */
public record ProviderState(Database database, ProviderSecrets secrets) {}
