package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.keyfile.Passphrases;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.config.ProviderConfig.KeyFile;
import io.ferrymesh.provider.keys.BoundDatabase;
import io.ferrymesh.provider.keys.NewestTokenKey;
import io.ferrymesh.provider.keys.ProviderKeyFile;
import io.ferrymesh.provider.keys.ProviderSecrets;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
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
            ProviderAuditCommand.class,
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
                    + " active; one that has the old file is degraded until then (KEY_FILE_OLD). Sessions go on.",
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
        ProviderConfig provider = config.provider();
        KeyFile keys = provider.keys();
        long now = Instant.now().getEpochSecond();
        int number;
        try (Database database = ConfigOption.database(provider);
                ProviderSecrets secrets = ConfigOption.secrets(keys)) {
            BoundDatabase.require(database, secrets);
            number = ProviderKeyFile.rotate(
                    keys.file(), ConfigOption.passphrase(keys), now, now + seconds, new SecureRandom());
            NewestTokenKey.tell(database, number);
        }
        JsonOut.print(new JsonObject()
                .put("number", number)
                .put("activeFrom", Instant.ofEpochSecond(now + seconds).toString()));
        return 0;
    }

    @Command(
            name = "passphrase",
            description = "Puts the key file under another passphrase. Copies and backups of it keep theirs. Processes"
                    + " that run need the new one at their next start.",
            mixinStandardHelpOptions = true)
    int passphrase(
            @Mixin ConfigOption config,
            @Option(
                            names = "--new-passphrase-file",
                            paramLabel = "FILE",
                            required = true,
                            description = "Holds the new one, at least 12 characters.")
                    Path file)
            throws Exception {
        KeyFile keys = config.provider().keys();
        char[] chosen = Passphrases.fromFile(file);
        ProviderKeyFile.changePassphrase(keys.file(), ConfigOption.passphrase(keys), chosen, new SecureRandom());
        JsonOut.print(new JsonObject().put("keyFile", keys.file().toString()));
        return 0;
    }
}
