package io.ferrymesh.cli;

import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.migration.EngineOptions;
import io.ferrymesh.provider.ProviderOptions;
import io.ferrymesh.provider.UserAccount;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.stores.directory.DirectoryStore;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A provider. */
@Command(
        name = "provider",
        description = "A provider: holds users' data, gives and fetches it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ProviderCommand.Run.class)
final class ProviderCommand {

    /** One user. */
    static final class User {

        @Option(names = "--user", paramLabel = "NAME", required = true, description = "A user's name.")
        private String name;

        @Option(
                names = "--user-token-file",
                paramLabel = "FILE",
                required = true,
                description = "Holds the user's bearer token.")
        private Path tokenFile;

        @Option(names = "--user-data", paramLabel = "DIR", required = true, description = "The user's objects.")
        private Path data;
    }

    /** Runs one. */
    @Command(
            name = "run",
            description = "Runs a provider until it is told to stop. Where it listens for the cluster and whom it joins"
                    + " comes from FERRYMESH_CLUSTER_* in the environment. Prints one line of JSON when it is ready.",
            mixinStandardHelpOptions = true)
    static final class Run implements java.util.concurrent.Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Option(
                names = "--kgc-fingerprint",
                paramLabel = "HEX",
                required = true,
                description = "SHA-256 of the key generation centre's public key: the only root of trust.")
        private String fingerprint;

        @Option(
                names = "--enrolment-token-file",
                paramLabel = "FILE",
                required = true,
                description = "Holds the one-time token from the key generation centre.")
        private Path enrolmentFile;

        @ArgGroup(exclusive = false, multiplicity = "1..*", heading = "Users, each with all three:%n")
        private List<User> users;

        @Option(
                names = "--http-port",
                paramLabel = "PORT",
                defaultValue = "8080",
                description = "Loopback port of the HTTP API, 0 for any. Default: ${DEFAULT-VALUE}.")
        private int httpPort;

        @Option(names = "--stop-with-stdin", description = "Stop when standard input ends.")
        private boolean stopWithStdin;

        @Override
        public Integer call() throws Exception {
            MeshOptions cluster = MeshOptions.fromEnvironment(System.getenv());
            ProviderOptions options = options();
            EnrolmentToken token = EnrolmentToken.of(
                    new Secrets(spec).hex("--enrolment-token-file", enrolmentFile, EnrolmentToken.LENGTH));
            return NodeRunner.run(
                    ProviderNode.start(cluster, options, EngineOptions.defaults(), token),
                    node -> new JsonObject()
                            .put("ready", "provider")
                            .put("api", node.api().toString()),
                    stopWithStdin);
        }

        private ProviderOptions options() throws Exception {
            List<UserAccount> accounts = new ArrayList<>();
            for (User user : users) {
                if (!Files.isDirectory(user.data)) {
                    throw new ParameterException(spec.commandLine(), "--user-data must be a directory: " + user.data);
                }
                String token = new Secrets(spec).line("--user-token-file", user.tokenFile);
                accounts.add(new UserAccount(
                        user.name, Digest.sha256(Secrets.ascii(token)), DirectoryStore.open(user.data)));
            }
            if (!fingerprint.matches("[0-9a-f]{64}")) {
                throw new ParameterException(
                        spec.commandLine(), "--kgc-fingerprint must be 64 lower-case hex digits: " + fingerprint);
            }
            return ProviderOptions.of(Digest.parse(fingerprint), httpPort, accounts);
        }
    }
}
