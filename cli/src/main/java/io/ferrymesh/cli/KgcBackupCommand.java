package io.ferrymesh.cli;

import io.ferrymesh.kgc.api.OperatorJson;
import io.ferrymesh.kgc.backup.BackupDirectory;
import io.ferrymesh.kgc.operator.Backups;
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

/** Makes a backup of the registry. */
@Command(
        name = "backup",
        description = "Makes a backup of the registry, while nodes run: over the API in the directory that kgc run was"
                + " given, directly in this one. The key file is not in it. Role ADMIN.",
        mixinStandardHelpOptions = true)
final class KgcBackupCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private OperatorAccess access = new OperatorAccess();

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where to write it; with --key-file, and only then.")
    private @Nullable Path directory;

    @Override
    public Integer call() throws Exception {
        Path into = directory;
        if (access.isDirect() != (into != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    into == null
                            ? "--directory must be given with --key-file"
                            : "--directory is for --key-file; over the API backups go where kgc run has them go");
        }
        if (into != null && !Files.isDirectory(into)) {
            throw new ParameterException(spec.commandLine(), "--directory must be a directory: " + into);
        }
        return access.run(
                database -> into == null ? Backups.none() : new BackupDirectory(database, into, Clock.systemUTC()),
                operations -> JsonOut.print(OperatorJson.of(operations.backup())));
    }
}
