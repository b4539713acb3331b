package io.ferrymesh.cli;

import io.ferrymesh.provider.config.ProviderConfig.KeyFile;
import io.ferrymesh.provider.keys.ProviderKeyFile;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A provider. */
@Command(
        name = "provider",
        description =
                "A provider: holds users' data, gives and fetches it. Its commands read one configuration file and"
                        + " environment variables over it (docs/configuration.md).",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ProviderInitCommand.class,
            ProviderRunCommand.class,
            ProviderAccountCommand.class,
            ProviderForgetCommand.class,
            ProviderRestoredCommand.class
        })
final class ProviderCommand {

    @Command(
            name = "config",
            description =
                    "Checks the configuration and prints what holds: every key with its value and where it was set,"
                            + " secrets hidden.",
            mixinStandardHelpOptions = true)
    int config(@Mixin ConfigOption config) throws Exception {
        System.out.print(config.read().yaml());
        return 0;
    }

    @Command(
            name = "rotate",
            description = "Adds the next key for access tokens to the key file. Start every process anew before it is"
                    + " active; sessions go on.",
            mixinStandardHelpOptions = true)
    int rotate(
            @Mixin ConfigOption config,
            @Option(
                            names = "--activate-after-seconds",
                            paramLabel = "N",
                            required = true,
                            converter = Arguments.Seconds.class,
                            description = "When it signs, from now; 0 to 31622400.")
                    long seconds)
            throws Exception {
        KeyFile keys = config.provider().keys();
        long now = Instant.now().getEpochSecond();
        int number = ProviderKeyFile.rotate(
                keys.file(), ConfigOption.passphrase(keys), now, now + seconds, new SecureRandom());
        JsonOut.print(new JsonObject()
                .put("number", number)
                .put("activeFrom", Instant.ofEpochSecond(now + seconds).toString()));
        return 0;
    }
}
