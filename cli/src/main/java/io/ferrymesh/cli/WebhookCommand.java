package io.ferrymesh.cli;

import io.ferrymesh.cli.user.WebhookClient;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a user is told of what happens. */
@Command(
        name = "webhook",
        description =
                "Where a provider tells the account's events, besides the events command: signed requests to an https URL.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class WebhookCommand {

    @Command(name = "list", description = "Every webhook, a line of JSON each.", mixinStandardHelpOptions = true)
    int list(@Mixin SessionOptions at) throws Exception {
        new WebhookClient(at.user()).list(JsonOut::print);
        return 0;
    }

    @Command(
            name = "set",
            description = "Makes one and prints its secret, which is not shown again; or changes one of that name.",
            mixinStandardHelpOptions = true)
    int set(
            @Mixin SessionOptions at,
            @Option(
                            names = "--type",
                            paramLabel = "TYPE",
                            description = "Only such events, such as grant.used; several can be given. Default: all.")
                    @Nullable
                    List<String> types,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Writes the secret to a new file that only its owner can read.")
                    @Nullable
                    Path out,
            @Parameters(index = "0", paramLabel = "NAME", description = "1 to 32 of a-z, 0-9 and hyphen.") String name,
            @Parameters(index = "1", paramLabel = "URL", description = "Where to.") String url)
            throws Exception {
        JsonObject kept = new WebhookClient(at.user()).put(name, url, types == null ? List.of() : types);
        if (kept.containsKey("secret")) {
            JsonOut.secret(out, "secret", () -> kept);
        } else {
            JsonOut.print(kept);
        }
        return 0;
    }

    @Command(name = "remove", description = "Removes one.", mixinStandardHelpOptions = true)
    int remove(@Mixin SessionOptions at, @Parameters(paramLabel = "NAME", description = "As list has it.") String name)
            throws Exception {
        new WebhookClient(at.user()).remove(name);
        return 0;
    }
}
