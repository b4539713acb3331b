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

/** What a user's client does. */
@Command(
        name = "migrate",
        description = "Moves a user's data between two running providers: draws the grant, hands it to both, follows.",
        mixinStandardHelpOptions = true,
        footer = "%nExit status: 0 if everything arrived and was verified, 1 if not.")
final class MigrateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--source", paramLabel = "URL", required = true, description = "The old provider's HTTP API.")
    private URI source;

    @Option(
            names = "--source-token-file",
            paramLabel = "FILE",
            required = true,
            description = "Holds the user's token at the old provider.")
    private Path sourceToken;

    @Option(names = "--destination", paramLabel = "URL", required = true, description = "The new provider's HTTP API.")
    private URI destination;

    @Option(
            names = "--destination-token-file",
            paramLabel = "FILE",
            required = true,
            description = "Holds the user's token at the new provider.")
    private Path destinationToken;

    @Option(
            names = "--prefix",
            paramLabel = "PATH",
            defaultValue = "",
            description = "Only objects whose path starts with this. Default: all.")
    private String prefix;

    @Option(names = "--receipt", paramLabel = "FILE", description = "Where to keep the receipt.")
    private @Nullable Path receipt;

    @Override
    public Integer call() throws Exception {
        Secrets secrets = new Secrets(spec);
        UserClient old =
                new UserClient(ProviderUrl.check(spec, source), secrets.line("--source-token-file", sourceToken));
        UserClient fresh = new UserClient(
                ProviderUrl.check(spec, destination), secrets.line("--destination-token-file", destinationToken));
        Grant grant = Grant.draw();
        old.grant(grant, prefix);
        Migration migration = new Migration(fresh, grant);
        return migration.runAndReport(source + " -> " + destination, Optional.ofNullable(receipt), System.out) ? 0 : 1;
    }
}
