package io.ferrymesh.cli;

import io.ferrymesh.kgc.KgcKeyFile;
import io.ferrymesh.kgc.KgcKeys;
import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.kgc.Passphrases;
import io.ferrymesh.mesh.MeshOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The key generation centre. */
@Command(
        name = "kgc",
        description = "The key generation centre: makes its keys, admits providers, runs.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KgcCommand {

    /** Where the keys are and what opens them. */
    static final class KeyFile {

        private static final String VARIABLE = "FERRYMESH_KGC_PASSPHRASE";

        @Option(
                names = "--key-file",
                paramLabel = "FILE",
                required = true,
                description = "The encrypted key file (PKCS#12).")
        private Path file;

        @Option(
                names = "--passphrase-file",
                paramLabel = "FILE",
                description = "Holds the passphrase, at least 12 characters. Without it: the environment variable "
                        + VARIABLE + ".")
        private @Nullable Path passphraseFile;

        char[] passphrase() throws Exception {
            return passphraseFile == null
                    ? Passphrases.fromEnvironment(System.getenv(), VARIABLE)
                    : Passphrases.fromFile(passphraseFile);
        }
    }

    @Command(
            name = "init",
            description = "Makes the master secret and the trace key. Never overwrites a key file.",
            mixinStandardHelpOptions = true)
    int init(@Mixin KeyFile keyFile) throws Exception {
        try (KgcKeys keys = KgcKeyFile.create(keyFile.file, keyFile.passphrase(), new SecureRandom())) {
            System.out.println(new JsonObject()
                    .put("fingerprint", keys.master().publicKey().fingerprint().hex())
                    .encode());
        }
        return 0;
    }

    @Command(
            name = "token",
            description =
                    "Makes a provider's one-time enrolment token. Prints the token, which goes to the provider, and"
                            + " the line for the enrolment file, which holds only its hash.",
            mixinStandardHelpOptions = true)
    int token(@Parameters(paramLabel = "PROVIDER", description = "The provider's name.") String provider) {
        String token = DemoPlan.hex(io.ferrymesh.scheme.EnrolmentToken.LENGTH);
        String line = EnrolmentFile.line(provider, token);
        System.out.println("token " + token);
        System.out.print(line);
        return 0;
    }

    @Command(
            name = "run",
            description =
                    "Runs a key generation centre until it is told to stop. Where it listens and whom it joins comes"
                            + " from FERRYMESH_CLUSTER_* in the environment. Prints one line of JSON when it is ready.",
            mixinStandardHelpOptions = true)
    int run(
            @Mixin KeyFile keyFile,
            @Option(
                            names = "--enrolment-file",
                            paramLabel = "FILE",
                            required = true,
                            description = "Who may enrol: lines of a provider's name and its token's SHA-256.")
                    Path enrolment,
            @Option(names = "--stop-with-stdin", description = "Stop when standard input ends.") boolean stopWithStdin)
            throws Exception {
        MeshOptions cluster = MeshOptions.fromEnvironment(System.getenv());
        KgcKeys keys = KgcKeyFile.load(keyFile.file, keyFile.passphrase());
        return NodeRunner.run(
                KgcNode.start(cluster, keys, KgcOptions.defaults()).map(node -> admitted(node, enrolment)),
                node -> new JsonObject()
                        .put("ready", "kgc")
                        .put("fingerprint", node.kgc().publicKey().fingerprint().hex()),
                stopWithStdin);
    }

    private static KgcNode admitted(KgcNode node, Path enrolment) {
        try {
            EnrolmentFile.admit(enrolment, node.kgc());
            return node;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException("--enrolment-file: " + e.getMessage(), e);
        }
    }
}
