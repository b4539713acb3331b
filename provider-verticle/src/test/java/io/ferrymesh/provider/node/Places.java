package io.ferrymesh.provider.node;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.provider.config.ConfigException;
import io.ferrymesh.provider.config.Configuration;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.keys.ProviderKeyFile;
import io.ferrymesh.provider.keys.QuickKeyFile;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;

/** A provider on a directory, whose parts an operator can get wrong. */
record Places(Path directory, Path root, DatabaseOptions database, String userPrefix) {

    private static final String PASSPHRASE = "correct battery staple";
    private static final SecureRandom RANDOM = new SecureRandom();

    static Places in(Path directory, DatabaseOptions database) {
        return new Places(directory, directory.resolve("objects"), database, "{account}/");
    }

    Places with(DatabaseOptions other) {
        return new Places(directory, root, other, userPrefix);
    }

    Places with(String prefix) {
        return new Places(directory, root, database, prefix);
    }

    /** The same provider's, whose operator calls the key file by another name. */
    Places beside(String name) throws IOException {
        return new Places(Files.createDirectories(directory.resolve(name)), root, database, userPrefix);
    }

    Path marker() {
        return root.resolve(StoreMarker.NAME);
    }

    void begin() throws KeyFileException, StoreException, IOException {
        NewProvider.begin(config(), PASSPHRASE.toCharArray(), RANDOM, QuickKeyFile::create);
    }

    ProviderBase open() throws KeyFileException, StoreException {
        ProviderConfig config = config();
        return ProviderBase.open(config, ProviderKeyFile.load(config.keys().file(), PASSPHRASE.toCharArray(), RANDOM));
    }

    /** As its file says, with passwords that are hashed as cheaply as can be. */
    ProviderConfig config() {
        String yaml =
                """
                http: {port: 0}
                management: {port: 0}
                database: {url: 'sqlite:%s'}
                keys: {file: '%s', passphraseFile: '%s'}
                kgc: {fingerprint: '%s', startWaitSeconds: 0}
                accounts: {max: %d, argon2: {memoryKib: 64}}
                store: {type: directory, userPrefix: '%s', directory: {root: '%s'}}
                """
                        .formatted(
                                directory.resolve("unused.db"),
                                directory.resolve("provider.p12"),
                                directory.resolve("passphrase"),
                                "0".repeat(64),
                                userPrefix.isEmpty() ? 1 : 1_000,
                                userPrefix,
                                root);
        try {
            Path file = Files.writeString(directory.resolve("provider.yaml"), yaml);
            return of(Configuration.read(Optional.of(file), Map.of()).provider());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    private ProviderConfig of(ProviderConfig read) {
        return new ProviderConfig(
                read.http(),
                read.management(),
                database,
                read.keys(),
                read.kgc(),
                read.credentials(),
                read.accounts(),
                read.store(),
                read.limits(),
                read.webhooks(),
                read.cluster());
    }
}
