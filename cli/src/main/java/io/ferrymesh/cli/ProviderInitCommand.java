package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.keys.ProviderKeyFile;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Begins a provider. */
@Command(
        name = "init",
        description =
                "Makes the key file and the database's schema. Never overwrites a key file. Once for all processes of"
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

    /** Both of them, the database first: a key file is made when there is a place for what it opens. */
    static void begin(ProviderConfig provider, char[] passphrase) throws KeyFileException {
        Database.open(provider.database(), ProviderDatabase.MIGRATIONS).close();
        ProviderKeyFile.create(provider.keys().file(), passphrase, new SecureRandom())
                .close();
    }
}
