package io.ferrymesh.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The user's half at the new provider, where one machine cannot reach both. */
@Command(
        name = "fetch",
        description =
                "At the new provider: has it fetch what the grant command let leave, and follows to the end. Again"
                        + " with the same grant, it goes on with a migration that stopped.",
        mixinStandardHelpOptions = true,
        footer = "%nExit status: 0 if everything arrived and was verified, 1 if not.")
final class FetchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--destination", paramLabel = "URL", required = true, description = "The new provider's HTTP API.")
    private URI destination;

    @Option(
            names = "--destination-token-file",
            paramLabel = "FILE",
            required = true,
            description = "Holds the user's token at the new provider.")
    private Path token;

    @Option(
            names = "--grant-file",
            paramLabel = "FILE",
            required = true,
            description = "The grant, as the grant command kept it.")
    private Path file;

    @Option(names = "--receipt", paramLabel = "FILE", description = "Where to keep the receipt.")
    private @Nullable Path receipt;

    @Override
    public Integer call() throws Exception {
        UserClient user = new UserClient(
                ProviderUrl.check(spec, destination), new Secrets(spec).line("--destination-token-file", token));
        Migration migration = new Migration(user, Grant.load(file));
        return migration.runAndReport(destination.toString(), Optional.ofNullable(receipt), System.out) ? 0 : 1;
    }
}
