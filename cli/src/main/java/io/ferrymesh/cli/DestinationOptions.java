package io.ferrymesh.cli;

import io.ferrymesh.cli.user.UserClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The user at the new provider, and where the receipt goes. */
final class DestinationOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--destination", paramLabel = "URL", description = "The new provider's HTTP API.")
    private @Nullable URI destination;

    @Option(
            names = "--destination-session",
            paramLabel = "FILE",
            description = "The session there, as account login keeps it. Default: the usual one of --destination.")
    private @Nullable Path session;

    @Option(names = "--receipt", paramLabel = "FILE", description = "Where to keep the receipt.")
    private @Nullable Path receipt;

    UserClient user() throws IOException {
        return SessionAt.client(command, destination, session, "--destination and --destination-session");
    }

    Optional<Path> receipt() {
        return Optional.ofNullable(receipt);
    }
}
