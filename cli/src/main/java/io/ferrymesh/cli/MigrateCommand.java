package io.ferrymesh.cli;

import io.ferrymesh.cli.user.MigrationClient;
import io.ferrymesh.cli.user.UserClient;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a user's client does. */
@Command(
        name = "migrate",
        description = "Moves a user's data between two running providers: draws the grant, hands it to both, follows.",
        mixinStandardHelpOptions = true,
        footer =
                "%nExit status: 0 if everything arrived and was verified, or a dry run found nothing to stop it, 1 if not.")
final class MigrateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private DestinationOptions destination = new DestinationOptions();

    @Mixin
    private MoveOptions options = new MoveOptions();

    @Override
    public Integer call() throws Exception {
        Optional<JsonObject> how = options.json();
        if (source.isMove() && options.isMirror()) {
            throw new ParameterException(
                    command.commandLine(), "--move and --mirror do not go together: give one of them");
        }
        UserClient old = source.user();
        UserClient fresh = destination.user();
        Grant grant = Grant.draw();
        source.give(old, grant);
        Migration migration = new Migration(fresh, grant, how);
        String data = old.session().provider() + " -> " + fresh.session().provider();
        boolean all = migration.runAndReport(data, destination.receipt(), System.out);
        if (options.isDryRun()) {
            new MigrationClient(old).withdraw(grant.id()); // nobody has its key any more
        }
        return all ? 0 : 1;
    }
}
