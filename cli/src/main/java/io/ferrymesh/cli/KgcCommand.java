package io.ferrymesh.cli;

import io.ferrymesh.kgc.api.OperatorJson;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
            KgcAuditCommand.class
        })
final class KgcCommand {

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

    /** An option that may be left out. */
    static OptionalLong optional(@org.jspecify.annotations.Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
