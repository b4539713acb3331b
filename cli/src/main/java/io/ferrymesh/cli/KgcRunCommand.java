package io.ferrymesh.cli;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.kgc.api.ApiOptions;
import io.ferrymesh.kgc.backup.BackupDirectory;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.mesh.MeshOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a node of a key centre. */
@Command(
        name = "run",
        description = "Runs a node of a key generation centre until it is told to stop. Several nodes can have the same"
                + " keys and the same database. Where it listens for the cluster and whom it joins comes from"
                + " FERRYMESH_CLUSTER_* in the environment. Prints one line of JSON when it is ready.",
        mixinStandardHelpOptions = true)
final class KgcRunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CentreOptions centre = new CentreOptions();

    @Mixin
    private ApiEndpoint endpoint = new ApiEndpoint();

    @Mixin
    private KgcSettings settings = new KgcSettings();

    @Option(
            names = "--backup-directory",
            paramLabel = "DIR",
            description = "Where kgc backup has backups made. Default: nowhere, and backups are refused.")
    private @Nullable Path backupDirectory;

    @Option(names = "--stop-with-stdin", description = "Stop when standard input ends.")
    private boolean stopWithStdin;

    @Override
    public Integer call() throws Exception {
        MeshOptions cluster = MeshOptions.fromEnvironment(System.getenv());
        KgcOptions options = settings.options(spec);
        ApiOptions api = endpoint.options(spec);
        DatabaseOptions where = centre.registry(spec);
        Path backups = backupDirectory;
        if (backups != null && !Files.isDirectory(backups)) {
            throw new ParameterException(spec.commandLine(), "--backup-directory must be a directory: " + backups);
        }
        KgcKeyring keyring = centre.keyring();
        KgcNode.Centre open = KgcNode.Centre.open(
                keyring,
                where,
                options,
                database ->
                        backups == null ? Backups.none() : new BackupDirectory(database, backups, Clock.systemUTC()));
        return NodeRunner.run(
                KgcNode.launch(cluster, open, api),
                node -> new JsonObject()
                        .put("ready", "kgc")
                        .put("fingerprint", node.kgc().publicKey().fingerprint().hex())
                        .put("api", node.api().toString()),
                stopWithStdin);
    }
}
