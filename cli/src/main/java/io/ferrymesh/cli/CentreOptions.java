package io.ferrymesh.cli;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.keyfile.Passphrases;
import io.ferrymesh.kgc.keys.KgcKeyFile;
import io.ferrymesh.kgc.keys.KgcKeyring;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where a key centre's keys and its registry are, and what opens them. */
final class CentreOptions extends RegistryOptions {

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

    Path keyFile() {
        return keyFile;
    }

    char[] passphrase() throws KeyFileException {
        return passphrase(passphraseFile);
    }

    static char[] passphrase(@Nullable Path file) throws KeyFileException {
        return file == null ? Passphrases.fromEnvironment(System.getenv(), VARIABLE) : Passphrases.fromFile(file);
    }

    KgcKeyring keyring() throws KeyFileException {
        return KgcKeyFile.load(keyFile, passphrase(), new SecureRandom());
    }

    /** Refuses a SQLite registry that is not there, instead of making an empty one where it should be. */
    static void requireThere(DatabaseOptions where) {
        if (where instanceof DatabaseOptions.Sqlite sqlite && !Files.exists(sqlite.file())) {
            throw new IllegalArgumentException("there is no registry " + sqlite.file()
                    + ": is its volume mounted? One that was lost is restored from a backup (docs/backup.md);"
                    + " init is for a new key centre only");
        }
    }

    DatabaseOptions registry(CommandSpec command) {
        return registry(command, keyFile);
    }
}
