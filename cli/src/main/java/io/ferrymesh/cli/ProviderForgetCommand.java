package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.keys.Forgettable;
import io.ferrymesh.provider.work.LivingProcesses;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes what a provider may not go on with, as after a restore. */
@Command(
        name = "forget",
        description =
                "Removes from the database, while no process of the provider runs: key-centre, to be pinned anew to"
                        + " the configured one; credentials, to enrol anew with a new token; stock, after a backup was"
                        + " restored, whose credentials may have been used since.",
        mixinStandardHelpOptions = true)
final class ProviderForgetCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(
            paramLabel = "WHAT",
            converter = Arguments.Forgotten.class,
            description = "key-centre, credentials or stock.")
    private Forgettable what = Forgettable.STOCK;

    @Override
    public Integer call() throws Exception {
        ProviderConfig provider = config.provider();
        try (Database database = ConfigOption.database(provider)) {
            requireStopped(provider, database);
            JsonOut.print(new JsonObject().put("forgot", Arguments.name(what)).put("rows", what.forget(database)));
        }
        return 0;
    }

    /** Refuses while a process of the provider runs; takes a lease's time if there are any that might. */
    static void requireStopped(ProviderConfig provider, Database database) throws InterruptedException {
        long lease = provider.limits().lease().toMillis();
        long living = LivingProcesses.count(database, lease, Thread::sleep);
        if (living > 0) {
            throw new IllegalStateException("stop the provider first: " + living + " of its processes run");
        }
    }
}
