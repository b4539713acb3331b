package io.ferrymesh.cli;

import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.keys.ProviderSecrets;
import io.ferrymesh.scheme.EnrolmentToken;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a process of a provider. */
@Command(
        name = "run",
        description =
                "Runs a process of a provider until it is told to stop, and hands its work over to the others then."
                        + " Several can share the database, the store and the key file. Prints one line of JSON when it is ready.",
        mixinStandardHelpOptions = true)
final class ProviderRunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--enrolment-token-file",
            paramLabel = "FILE",
            description =
                    "Holds the one-time token from the key generation centre. Needed for the first start only, or when"
                            + " the provider was stopped for longer than its credentials are valid.")
    private @Nullable Path enrolmentFile;

    @Option(names = "--stop-with-stdin", description = "Stop when standard input ends.")
    private boolean stopWithStdin;

    @Override
    public Integer call() throws Exception {
        ProviderConfig provider = config.provider();
        Optional<EnrolmentToken> token = Optional.ofNullable(enrolmentFile)
                .map(file -> EnrolmentToken.of(
                        new Secrets(spec).hex("--enrolment-token-file", file, EnrolmentToken.LENGTH)));
        ProviderSecrets secrets = ConfigOption.secrets(provider.keys());
        return NodeRunner.run(
                ProviderNode.launch(provider, secrets, token),
                node -> new JsonObject()
                        .put("ready", "provider")
                        .put("api", node.api().toString())
                        .put("management", node.management().toString()),
                stopWithStdin);
    }
}
