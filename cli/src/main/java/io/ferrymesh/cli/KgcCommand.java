package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.keyfile.Passphrases;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.KgcRuntime;
import io.ferrymesh.kgc.api.OperatorJson;
import io.ferrymesh.kgc.backup.RestoreReport;
import io.ferrymesh.kgc.backup.Restored;
import io.ferrymesh.kgc.keys.KgcKeyFile;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The key generation centre: what runs it, and what its operators do. */
@Command(
        name = "kgc",
        description =
                "The key generation centre: makes its keys, runs it, and does what its operators may. Those commands"
                        + " reach it over its API or, with the key file, directly; either way they act as one operator, within"
                        + " that operator's role, and are in the audit log.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            KgcInitCommand.class,
            KgcRunCommand.class,
            KgcOperatorCommand.class,
            KgcProviderCommand.class,
            KgcRevokeCommand.class,
            KgcTraceCommand.class,
            KgcAuditCommand.class,
            KgcBackupCommand.class
        })
final class KgcCommand {

    @Spec
    private CommandSpec spec;

    @Command(name = "status", description = "How the key centre stands. Any role.", mixinStandardHelpOptions = true)
    int status(@Mixin OperatorAccess access) throws Exception {
        return access.run(operations -> JsonOut.print(OperatorJson.of(operations.status())));
    }

    @Command(
            name = "epochs",
            description = "Every master key there was, a line each. Any role.",
            mixinStandardHelpOptions = true)
    int epochs(@Mixin OperatorAccess access) throws Exception {
        return access.run(operations -> operations.keyEpochs().forEach(epoch -> JsonOut.print(OperatorJson.of(epoch))));
    }

    @Command(
            name = "rotate",
            description = "Makes a new master key and announces it. Role ADMIN.",
            mixinStandardHelpOptions = true)
    int rotate(
            @Mixin OperatorAccess access,
            @Option(
                            names = "--activate-after-seconds",
                            paramLabel = "N",
                            required = true,
                            converter = Arguments.Seconds.class,
                            description = "When the new key is used, from now; 0 to 31622400. Providers learn of it"
                                    + " meanwhile and draw pseudonyms under it.")
                    long seconds)
            throws Exception {
        return access.run(operations -> JsonOut.print(OperatorJson.of(operations.rotate(seconds))));
    }

    @Command(
            name = "passphrase",
            description =
                    "Puts the key file under another passphrase. Copies and backups of it keep theirs. Start every"
                            + " node anew afterwards: one that runs can keep no new key epoch. Only with the key file.",
            mixinStandardHelpOptions = true)
    int passphrase(
            @Mixin CentreOptions centre,
            @Option(
                            names = "--new-passphrase-file",
                            paramLabel = "FILE",
                            required = true,
                            description = "Holds the new one, at least 12 characters.")
                    Path file)
            throws Exception {
        char[] chosen = Passphrases.fromFile(file);
        KgcKeyFile.changePassphrase(centre.keyFile(), centre.passphrase(), chosen, new SecureRandom());
        JsonOut.print(new JsonObject().put("keyFile", centre.keyFile().toString()));
        return 0;
    }

    @Command(
            name = "restore",
            description =
                    "Puts a backup into an empty database, wholly and verified or not at all. Only with the key file"
                            + " that belongs to it, and with every node stopped. What happened since the backup is lost.",
            mixinStandardHelpOptions = true)
    int restore(@Mixin CentreOptions centre, @Parameters(paramLabel = "FILE", description = "The backup.") Path file)
            throws Exception {
        DatabaseOptions where = centre.registry(spec);
        if (!Files.isRegularFile(file)) {
            throw new ParameterException(spec.commandLine(), "FILE must be a backup: " + file);
        }
        try (KgcKeyring keyring = centre.keyring();
                Database database = Database.open(where, Kgc.MIGRATIONS)) {
            KgcRuntime runtime = LocalCentre.runtime(new SimpleMeterRegistry());
            JsonOut.print(json(Kgc.restore(keyring, database, file, runtime)).put("database", where.toString()));
        }
        return 0;
    }

    private static JsonObject json(RestoreReport report) {
        return new JsonObject()
                .put("fingerprint", report.centre().hex())
                .put("backedUpAt", report.backedUpAt().toString())
                .put("auditEntries", report.auditEntries())
                .put("auditHash", report.auditHash().hex())
                .put("rows", report.rows())
                .put("nextSerial", report.nextSerial())
                .put("nextProvider", report.nextProvider())
                .put("tokensVoided", report.tokens())
                .put("operatorsRemoved", new JsonArray(report.operators()));
    }

    @Command(
            name = "restored",
            description = "Says that the database was put back to an earlier state by its own means, before a node"
                    + " starts on it. Unspent tokens are void then, operators removed, numbers moved beyond any given out,"
                    + " and key epochs that only the key file has entered again. Only with the key file.",
            mixinStandardHelpOptions = true)
    int restored(@Mixin CentreOptions centre) throws Exception {
        DatabaseOptions where = centre.registry(spec);
        CentreOptions.requireThere(where);
        try (KgcKeyring keyring = centre.keyring();
                Database database = Database.open(where, Kgc.MIGRATIONS)) {
            Restored restored = Kgc.restored(keyring, database, LocalCentre.runtime(new SimpleMeterRegistry()));
            JsonOut.print(new JsonObject()
                    .put("database", where.toString())
                    .put("nextSerial", restored.nextSerial())
                    .put("nextProvider", restored.nextProvider())
                    .put("tokensVoided", restored.tokens())
                    .put("operatorsRemoved", new JsonArray(restored.operators())));
        }
        return 0;
    }

    /** An option that may be left out. */
    static OptionalLong optional(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
