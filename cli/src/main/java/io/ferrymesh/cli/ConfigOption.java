package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.keyfile.Passphrases;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.config.ConfigException;
import io.ferrymesh.provider.config.Configuration;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.config.ProviderConfig.KeyFile;
import io.ferrymesh.provider.keys.ProviderKeyFile;
import io.ferrymesh.provider.keys.ProviderSecrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a provider's configuration is. */
final class ConfigOption {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The provider's configuration (docs/configuration.md). Default: the environment alone.")
    private @Nullable Path file;

    /** Read and checked. */
    Configuration read() throws ConfigException {
        return Configuration.read(Optional.ofNullable(file), System.getenv());
    }

    ProviderConfig provider() throws ConfigException {
        return read().provider();
    }

    static char[] passphrase(KeyFile keys) throws KeyFileException {
        return keys.passphraseFile().isPresent()
                ? Passphrases.fromFile(keys.passphraseFile().get())
                : Passphrases.fromEnvironment(System.getenv(), KeyFile.VARIABLE);
    }

    /** Opens the key file. */
    static ProviderSecrets secrets(KeyFile keys) throws KeyFileException {
        return ProviderKeyFile.load(keys.file(), passphrase(keys), new SecureRandom());
    }

    /** Opens the database as it is: it must be there, and processes that run may know no other schema. */
    static Database database(ProviderConfig provider) {
        requireThere(provider);
        return Database.openExisting(provider.database(), ProviderDatabase.MIGRATIONS);
    }

    /** The same to read only, for who has no right to write, or has nothing to. */
    static Database readable(ProviderConfig provider) {
        requireThere(provider);
        return Database.openReadOnly(provider.database(), ProviderDatabase.MIGRATIONS);
    }

    private static void requireThere(ProviderConfig provider) {
        if (provider.database() instanceof DatabaseOptions.Sqlite sqlite && !Files.exists(sqlite.file())) {
            throw new IllegalArgumentException("there is no database " + sqlite.file());
        }
    }
}
