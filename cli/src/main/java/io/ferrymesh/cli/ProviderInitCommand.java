package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.config.StoreConfig;
import io.ferrymesh.provider.keys.ProviderKeyFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Begins a provider. */
@Command(
        name = "init",
        description =
                "Makes the key file, the database and, for a store of that kind, its directory. Never overwrites a key file. Once for all processes of"
                        + " a provider.",
        mixinStandardHelpOptions = true)
final class ProviderInitCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Override
    public Integer call() throws Exception {
        ProviderConfig provider = config.provider();
        begin(provider, ConfigOption.passphrase(provider.keys()));
        JsonOut.print(new JsonObject()
                .put("keyFile", provider.keys().file().toString())
                .put("database", provider.database().toString()));
        return 0;
    }

    /** The key file last: a key file is made when there is a place for what it opens. */
    static void begin(ProviderConfig provider, char[] passphrase) throws KeyFileException, IOException {
        if (provider.store().place() instanceof StoreConfig.Directory directory) {
            Path unused = Files.createDirectories(directory.root());
        }
        Database.open(provider.database(), ProviderDatabase.MIGRATIONS).close();
        ProviderKeyFile.create(provider.keys().file(), passphrase, new SecureRandom())
                .close();
    }
}
