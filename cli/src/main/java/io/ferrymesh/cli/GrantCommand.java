package io.ferrymesh.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The user's half at the old provider, where one machine cannot reach both. */
@Command(
        name = "grant",
        description = "At the old provider: lets a user's data leave. Draws a grant, keeps it in a file that only its"
                + " owner can read, and hands it to the provider. The fetch command takes the file to the new one.",
        mixinStandardHelpOptions = true)
final class GrantCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--source", paramLabel = "URL", required = true, description = "The old provider's HTTP API.")
    private URI source;

    @Option(
            names = "--source-token-file",
            paramLabel = "FILE",
            required = true,
            description = "Holds the user's token at the old provider.")
    private Path token;

    @Option(
            names = "--grant-file",
            paramLabel = "FILE",
            required = true,
            description = "Where to keep the grant. If there is one already, that one is handed over again, for a"
                    + " migration that stopped.")
    private Path file;

    @Option(
            names = "--prefix",
            paramLabel = "PATH",
            defaultValue = "",
            description = "Only objects whose path starts with this. Default: all.")
    private String prefix;

    @Override
    public Integer call() throws Exception {
        UserClient user =
                new UserClient(ProviderUrl.check(spec, source), new Secrets(spec).line("--source-token-file", token));
        Grant grant = kept();
        user.grant(grant, prefix);
        System.out.println("Migration " + grant.id() + ": the old provider waits for the new one.");
        return 0;
    }

    /** On disk before a provider knows of it, so that nothing is granted which nobody can fetch. */
    private Grant kept() throws IOException {
        if (Files.exists(file)) {
            return Grant.load(file);
        }
        Grant grant = Grant.draw();
        grant.save(file);
        return grant;
    }
}
