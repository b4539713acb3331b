package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.node.RestoredDatabase;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says that a provider's database was put back to an earlier state. */
@Command(
        name = "restored",
        description =
                "Makes a database fit to go on with that was put back to an earlier state, from a backup or by a fail-over"
                        + " that lost changes, while no process of the provider runs: new accounts get numbers that none had"
                        + " since, credentials that may have been used are removed, every session ends, every"
                        + " grant is withdrawn, nothing more is erased for what has moved, and the space that accounts use is"
                        + " counted anew.",
        mixinStandardHelpOptions = true)
final class ProviderRestoredCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Override
    public Integer call() throws Exception {
        ProviderConfig provider = config.provider();
        try (Database database = ConfigOption.database(provider)) {
            ProviderForgetCommand.requireStopped(provider, database);
            RestoredDatabase.Done done = RestoredDatabase.take(database);
            JsonOut.print(new JsonObject()
                    .put("accountsAfter", done.lastNumber())
                    .put("credentials", done.credentials())
                    .put("sessions", done.sessions())
                    .put("grants", done.grants()));
        }
        return 0;
    }
}
