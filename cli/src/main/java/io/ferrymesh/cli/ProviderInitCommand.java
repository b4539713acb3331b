package io.ferrymesh.cli;

import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.node.NewProvider;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Begins a provider. */
@Command(
        name = "init",
        description =
                "Makes the key file, the database and, for a store of that kind, its directory, and ties them together: a"
                        + " process starts with these alone. Never overwrites a key file. Once for all processes of a provider.",
        mixinStandardHelpOptions = true)
final class ProviderInitCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Override
    public Integer call() throws Exception {
        ProviderConfig provider = config.provider();
        NewProvider.begin(provider, ConfigOption.passphrase(provider.keys()), new SecureRandom());
        JsonOut.print(new JsonObject()
                .put("keyFile", provider.keys().file().toString())
                .put("database", provider.database().toString()));
        return 0;
    }
}
