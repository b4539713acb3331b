package io.ferrymesh.cli;

import io.ferrymesh.database.DatabaseOptions;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where a key centre's registry is. */
class RegistryOptions {

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "The registry: sqlite:/path/to/file or postgresql://host:port/name. Default: a SQLite file"
                    + " beside the key file, named like it and ending in .db.")
    private @Nullable String database;

    @Option(
            names = "--database-user",
            paramLabel = "NAME",
            description = "Who this program is in PostgreSQL. Default: the name of the operating system's user.")
    private @Nullable String databaseUser;

    @Option(
            names = "--database-password-file",
            paramLabel = "FILE",
            description = "Holds the password in PostgreSQL, if it asks for one.")
    private @Nullable Path databasePasswordFile;

    final boolean isNamed() {
        return database != null;
    }

    /** Refuses what is no database as a bad command line. */
    final DatabaseOptions registry(CommandSpec command, Path keyFile) {
        return registry(command, database == null ? beside(keyFile) : database);
    }

    /** The one that is named. */
    final DatabaseOptions named(CommandSpec command) {
        if (database == null) {
            throw new ParameterException(command.commandLine(), "--database must be given");
        }
        return registry(command, database);
    }

    private DatabaseOptions registry(CommandSpec command, String url) {
        Optional<String> password = Optional.ofNullable(databasePasswordFile)
                .map(file -> new Secrets(command).line("--database-password-file", file));
        try {
            return DatabaseOptions.parse(url, Optional.ofNullable(databaseUser), password);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--database: " + e.getMessage(), e);
        }
    }

    private static String beside(Path keyFile) {
        Path file = keyFile.toAbsolutePath();
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.[^.]+$", "") + ".db";
        return "sqlite:" + file.resolveSibling(name);
    }
}
