package io.ferrymesh.cli;

import io.ferrymesh.cli.user.SessionFile;
import io.ferrymesh.cli.user.UserClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which provider, and where the session there is kept. */
final class SessionOptions {

    private static final String OPTIONS = "--provider and --session-file";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--provider",
            paramLabel = "URL",
            description = "The provider's HTTP API: an https URL, or http on loopback.")
    private @Nullable URI provider;

    @Option(
            names = "--session-file",
            paramLabel = "FILE",
            description = "Keeps the session. Default: one for each provider in the user's configuration directory.")
    private @Nullable Path sessionFile;

    /** The one that must be named. */
    URI provider() {
        if (provider == null) {
            throw new ParameterException(command.commandLine(), "--provider must be given");
        }
        return ProviderUrl.check(command, provider);
    }

    SessionFile file() {
        return SessionAt.file(command, provider, sessionFile, OPTIONS);
    }

    /** Who is logged in. */
    UserClient user() throws IOException {
        return SessionAt.client(command, provider, sessionFile, OPTIONS);
    }
}
