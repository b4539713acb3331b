package io.ferrymesh.cli;

import io.ferrymesh.cli.user.UserClient;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The user's half at the new provider, where one machine cannot reach both. */
@Command(
        name = "fetch",
        description =
                "At the new provider: has it fetch what the grant command let leave, and follows to the end. Again"
                        + " with the same grant, it goes on with a migration that stopped.",
        mixinStandardHelpOptions = true,
        footer =
                "%nExit status: 0 if everything arrived and was verified, or a dry run found nothing to stop it, 1 if not.")
final class FetchCommand implements Callable<Integer> {

    @Mixin
    private DestinationOptions destination = new DestinationOptions();

    @Mixin
    private MoveOptions options = new MoveOptions();

    @Option(
            names = "--grant-file",
            paramLabel = "FILE",
            required = true,
            description = "The grant, as the grant command kept it.")
    private Path file;

    @Override
    public Integer call() throws Exception {
        Optional<JsonObject> how = options.json();
        UserClient user = destination.user();
        Migration migration = new Migration(user, Grant.load(file), how);
        String where = user.session().provider().toString();
        return migration.runAndReport(where, destination.receipt(), System.out) ? 0 : 1;
    }
}
