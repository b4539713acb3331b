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

    @Option(
            names = "--move",
            description =
                    "Have the old provider erase what has arrived, once both providers have signed for it. What changes"
                            + " meanwhile stays. Default: everything stays.")
    private boolean move;

    UserClient user() throws IOException {
        return SessionAt.client(command, source, session, "--source and --source-session");
    }

    /** Hands the grant to the old provider. */
    void give(UserClient user, Grant grant) throws IOException, InterruptedException {
        new MigrationClient(user).grant(grant.json(), prefix, move);
    }

    /** Whether what has arrived is erased at the old provider. */
    boolean isMove() {
        return move;
    }
}
