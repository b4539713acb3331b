package io.ferrymesh.cli;

import io.ferrymesh.cli.user.MigrationClient;
import io.ferrymesh.cli.user.UserClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The user at the old provider, and what may leave. */
final class SourceOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--source", paramLabel = "URL", description = "The old provider's HTTP API.")
    private @Nullable URI source;

    @Option(
            names = "--source-session",
            paramLabel = "FILE",
            description = "The session there, as account login keeps it. Default: the usual one of --source.")
    private @Nullable Path session;

    @Option(
            names = "--prefix",
            paramLabel = "PATH",
            defaultValue = "",
            description = "Only objects whose path starts with this. Default: all.")
    private String prefix;

    UserClient user() throws IOException {
        return SessionAt.client(command, source, session, "--source and --source-session");
    }

    /** Hands the grant to the old provider. */
    static void give(UserClient user, Grant grant, String prefix) throws IOException, InterruptedException {
        new MigrationClient(user).grant(grant.json(), prefix);
    }

    String prefix() {
        return prefix;
    }
}
