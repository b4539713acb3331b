package io.ferrymesh.cli;

import io.ferrymesh.cli.user.MigrationClient;
import io.ferrymesh.cli.user.UserClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The user's half at the old provider, where one machine cannot reach both. */
@Command(
        name = "grant",
        description = "At the old provider: lets a user's data leave. Draws a grant, keeps it in a file that only its"
                + " owner can read, and hands it to the provider. The fetch command takes the file to the new one.",
        mixinStandardHelpOptions = true)
final class GrantCommand implements Callable<Integer> {

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Option(
            names = "--grant-file",
            paramLabel = "FILE",
            required = true,
            description = "Where to keep the grant. If there is one already, that one is handed over again, for a"
                    + " migration that stopped.")
    private Path file;

    @Option(
            names = "--show",
            description =
                    "Hand nothing over: say, as JSON, how the grant stands that was, and what has been erased for it.")
    private boolean show;

    @Override
    public Integer call() throws Exception {
        UserClient user = source.user();
        if (show) {
            JsonOut.print(new MigrationClient(user).grant(Grant.load(file).id()));
            return 0;
        }
        Grant grant = kept();
        source.give(user, grant);
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
