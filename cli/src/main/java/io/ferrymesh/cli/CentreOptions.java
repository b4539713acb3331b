package io.ferrymesh.cli;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.kgc.keys.Passphrases;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where a key centre's keys and its database are, and what opens them. */
final class CentreOptions {

    private static final String VARIABLE = "FERRYMESH_KGC_PASSPHRASE";

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            required = true,
            description = "The encrypted key file (PKCS#12).")
    private Path keyFile;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Holds the passphrase, at least 12 characters. Without it: the environment variable "
                    + VARIABLE + ".")
    private @Nullable Path passphraseFile;

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

    Path keyFile() {
        return keyFile;
    }

    char[] passphrase() throws Exception {
        return passphraseFile == null
                ? Passphrases.fromEnvironment(System.getenv(), VARIABLE)
                : Passphrases.fromFile(passphraseFile);
    }

    /** Refuses what is no database as a bad command line. */
    DatabaseOptions database(CommandSpec command) {
        Optional<String> password = Optional.ofNullable(databasePasswordFile)
                .map(file -> new Secrets(command).line("--database-password-file", file));
        try {
            return DatabaseOptions.parse(
                    database == null ? beside() : database, Optional.ofNullable(databaseUser), password);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--database: " + e.getMessage(), e);
        }
    }

    private String beside() {
        Path file = keyFile.toAbsolutePath();
        String name = file.getFileName().toString().replaceFirst("\\.[^.]+$", "") + ".db";
        return "sqlite:" + file.resolveSibling(name);
    }
}
