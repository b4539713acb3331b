package io.ferrymesh.provider.node;

import io.ferrymesh.database.Database;
import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.keyfile.KeyFileException.Reason;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.config.StoreConfig.Directory;
import io.ferrymesh.provider.keys.BoundDatabase;
import io.ferrymesh.provider.keys.ProviderKeyFile;
import io.ferrymesh.provider.keys.ProviderSecrets;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.RetryListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** What there has to be before the first process of a provider starts. */
public final class NewProvider {

    /** Makes a key file. */
    @FunctionalInterface
    interface KeyFileMaker {
        ProviderSecrets create(Path file, char[] passphrase, SecureRandom random) throws KeyFileException;
    }

    private NewProvider() {}

    /**
     * Makes the key file, the database and the store's marker, which belong together from then on; for a store of that kind its
     * directory too. Refuses a key file that is there, and a database and a store of another provider. Cut off before the key file
     * was made, it can be done again. Blocking; a failure says what is wrong.
     */
    public static void begin(ProviderConfig config, char[] passphrase, SecureRandom random)
            throws KeyFileException, StoreException, IOException {
        begin(config, passphrase, random, ProviderKeyFile::create);
    }

    /** The same with a key file that is made otherwise. */
    static void begin(ProviderConfig config, char[] passphrase, SecureRandom random, KeyFileMaker maker)
            throws KeyFileException, StoreException, IOException {
        Path keyFile = config.keys().file();
        if (Files.exists(keyFile)) {
            throw new KeyFileException(Reason.EXISTS, "there is a file " + keyFile + " already; it is not overwritten");
        }
        if (config.store().place() instanceof Directory directory) {
            Path unused = Files.createDirectories(directory.root());
        }
        try (Database database = Database.open(config.database(), ProviderDatabase.MIGRATIONS);
                ObjectStore store = StoreSetup.open(config.store().place(), RetryListener.NONE)) {
            BoundDatabase.requireNew(database);
            StoreMarker.begin(database, config.store(), store, random);
            // Last: a key file is made when there is a place for what it opens.
            try (ProviderSecrets secrets = maker.create(keyFile, passphrase, random)) {
                BoundDatabase.bind(database, secrets);
            }
        }
    }
}
