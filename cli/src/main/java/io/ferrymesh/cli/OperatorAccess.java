package io.ferrymesh.cli;

import io.ferrymesh.cli.operator.RemoteOperations;
import io.ferrymesh.database.Database;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.KgcOperations;
import java.net.URI;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How an operator reaches the key centre: over its API, or with the key file and the database. */
final class OperatorAccess {

    private static final int TOKEN_BYTES = 32;

    /** Over HTTP. */
    private static final class Remote {

        @Option(
                names = "--api",
                paramLabel = "URL",
                required = true,
                description = "The key centre's API: an https URL, or http on loopback.")
        private URI api;

        @Option(
                names = "--ca",
                paramLabel = "FILE",
                description = "PEM certificates to trust instead of those the system does.")
        private @Nullable Path ca;
    }

    /** One of the two. */
    private static final class Where {

        @ArgGroup(exclusive = false, heading = "Over the API:%n")
        private @Nullable Remote remote;

        @ArgGroup(exclusive = false, heading = "Or directly, on a machine that has the key file:%n")
        private @Nullable CentreOptions direct;
    }

    /** What is done with the operations; may fail as it likes. */
    @FunctionalInterface
    interface Work {
        void with(KgcOperations operations) throws Exception;
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            required = true,
            description = "Holds the operator's token, as kgc operator add gave it.")
    private Path tokenFile;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Where where;

    /** Does the work as the operator whose token it is. */
    int run(Work work) throws Exception {
        return run(database -> Backups.none(), work);
    }

    /** Whether it is with the key file. */
    boolean isDirect() {
        return where.direct != null;
    }

    /** The same with backups, which over the API are the key centre's own affair. */
    int run(Function<Database, Backups> backups, Work work) throws Exception {
        String token = HexFormat.of().formatHex(new Secrets(command).hex("--token-file", tokenFile, TOKEN_BYTES));
        Remote remote = where.remote;
        CentreOptions direct = where.direct;
        if (remote != null) {
            URI api = ProviderUrl.check(command, remote.api);
            work.with(RemoteOperations.at(api, token, Optional.ofNullable(remote.ca)));
        } else if (direct != null) {
            try (LocalCentre centre = LocalCentre.open(direct, backups, command)) {
                work.with(centre.operations(token));
            }
        }
        return 0;
    }
}
