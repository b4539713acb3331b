package io.ferrymesh.cli;

import io.ferrymesh.cli.user.UserClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What a user's client does. */
@Command(
        name = "migrate",
        description = "Moves a user's data between two running providers: draws the grant, hands it to both, follows.",
        mixinStandardHelpOptions = true,
        footer = "%nExit status: 0 if everything arrived and was verified, 1 if not.")
final class MigrateCommand implements Callable<Integer> {

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private DestinationOptions destination = new DestinationOptions();

    @Override
    public Integer call() throws Exception {
        UserClient old = source.user();
        UserClient fresh = destination.user();
        Grant grant = Grant.draw();
        SourceOptions.give(old, grant, source.prefix());
        Migration migration = new Migration(fresh, grant);
        String data = old.session().provider() + " -> " + fresh.session().provider();
        return migration.runAndReport(data, destination.receipt(), System.out) ? 0 : 1;
    }
}
